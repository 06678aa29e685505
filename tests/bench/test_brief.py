"""The benchmark of briefs, cards and Home, in small: what they ask of a database does not grow with what is in it."""

from bench.brief import fill, statements
from tests.support import ON_SQLITE


@ON_SQLITE
async def test_a_brief_a_card_and_home_ask_as_much_of_a_hundred_clients_as_of_ten(database_url):
    few, many = 10, 100
    scene = await fill(database_url, few, few)
    first = await statements(scene)
    await scene.more(many - few)
    then = await statements(scene)
    await scene.here.host.store.close()

    assert then == first
    assert max(first.values()) < 50
