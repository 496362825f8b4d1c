from tests import make


def test_quick(database):
    with database.writing() as session:
        batch = make.a_packed_batch(make.work(session))
        assert batch.packed_kg
        print(batch)
