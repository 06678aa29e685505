import datetime as dt

import pytest

from bot.clock import Clock, MovableClock

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MOMENT = dt.timedelta(seconds=30)


def test_the_clock_tells_utc_and_goes_on():
    first, second = Clock().now(), Clock().now()
    assert first.utcoffset() == dt.timedelta()
    assert first <= second < first + MOMENT


def test_a_clock_that_was_set_stands_still_until_it_is_moved():
    clock = MovableClock(NOW)
    assert [clock.now(), clock.now()] == [NOW, NOW]
    clock.advance(HOUR)
    assert clock.now() == NOW + HOUR
    clock.set(NOW.astimezone(dt.timezone(9 * HOUR)))
    assert (clock.now(), clock.now().utcoffset()) == (NOW, dt.timedelta())


def test_a_clock_that_was_not_set_runs_on_from_where_it_was_moved():
    clock = MovableClock()
    clock.advance(HOUR)
    clock.advance(HOUR)
    assert dt.timedelta() <= clock.now() - Clock().now() - 2 * HOUR + MOMENT < 2 * MOMENT


@pytest.mark.parametrize("put", [MovableClock, lambda at: MovableClock().set(at), lambda at: MovableClock().run_at(at)])
def test_a_naive_instant_is_refused(put):
    with pytest.raises(ValueError, match="aware"):
        put(NOW.replace(tzinfo=None))


@pytest.mark.parametrize("put", [lambda at: MovableClock(at).now()])
def test_a_clock_told_an_instant_in_another_zone_still_tells_utc(put):
    assert put(NOW.astimezone(dt.timezone(9 * HOUR))).utcoffset() == dt.timedelta()


def test_a_clock_runs_on_from_an_instant_until_it_is_told_to_run_with_the_machine():
    clock = MovableClock(NOW)
    clock.run_at(NOW.astimezone(dt.timezone(9 * HOUR)))
    begun = clock.now()
    assert NOW <= begun < NOW + MOMENT
    while clock.now() == begun:
        pass
    assert begun < clock.now() < NOW + MOMENT
    assert clock.now().utcoffset() == dt.timedelta()
    assert clock.moved
    clock.run_now()
    assert not clock.moved
    assert abs(clock.now() - Clock().now()) < MOMENT


def test_a_clock_that_stands_still_has_been_moved():
    assert MovableClock(NOW).moved
    assert not MovableClock().moved
