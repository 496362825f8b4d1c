// Reads symbols: the browser's own reader where there is one, else the vendored zxing. Nothing leaves the telephone.
const SIDE = 1280, PAUSE = 120;
let reader, stream;

async function ready() {
  if (reader) return reader;
  reader = (await own()) || (await vendored());
  return reader;
}

async function own() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  return async (canvas) => (await detector.detect(canvas)).map((one) => one.rawValue)[0] || "";
}

async function vendored() {
  const zxing = await import("../../vendor/zxing-wasm@3.1.6/reader/index.js");
  const locateFile = (name) => new URL(`../../vendor/zxing-wasm@3.1.6/reader/${name}`, import.meta.url).href;
  zxing.prepareZXingModule({ overrides: { locateFile } });
  return async (canvas) => {
    const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const found = await zxing.readBarcodes(image, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    return found.length && found[0].isValid ? found[0].text : "";
  };
}

function drawn(source, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// Every text the camera reads until stop(); `found` says whether that is enough.
export async function start(video, found) {
  stop(video);
  stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const read = await ready(), mine = stream;
  while (stream === mine) {
    const text = video.videoWidth ? await read(drawn(video, video.videoWidth, video.videoHeight, SIDE)) : "";
    if (text && stream === mine && (await found(text))) break;
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  if (stream === mine) stop(video);
}

export function stop(video) {
  if (stream) stream.getTracks().forEach((one) => one.stop());
  stream = null;
  video.srcObject = null;
  video.hidden = true;
}

export async function picture(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

// The text of the symbol on a photo, or "".
export async function readPhoto(file) {
  const image = await picture(file);
  const read = await ready();
  for (const side of [SIDE, 2 * SIDE]) {
    const text = await read(drawn(image, image.naturalWidth, image.naturalHeight, side));
    if (text) return text;
  }
  return "";
}

// A photo made small enough to travel, as JPEG bytes.
export async function shrunk(file, side, quality) {
  const image = await picture(file);
  const canvas = drawn(image, image.naturalWidth, image.naturalHeight, side);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  return new Uint8Array(await blob.arrayBuffer());
}
