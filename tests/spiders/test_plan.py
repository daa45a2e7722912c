"""When a source is crawled next: the arithmetic, and `newscrawl crawl due` over real HTTP."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.middlewares.hours import Hours
from newscrawl.spiders.plan import FIRST, LATEST, RETRY, SOONEST, Ending, Rhythm, due, next_plan
from newscrawl.storage.plans import Plan, PlanTable
from newscrawl.storage.state import State
from tests.spiders.site import Answer, Site, crawl

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
waits = st.timedeltas(timedelta(0), timedelta(days=400))
shares = st.none() | st.floats(0, 1)
plans = st.builds(Plan, due=moments, step=waits, ended=st.none() | moments, failures=st.integers(0, 10**6))
rhythms = st.builds(
    Rhythm,
    st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
    st.none()
    | st.builds(Hours, st.times(), st.times(), st.sampled_from([ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Riyadh")])),
)


def planned(step: timedelta, *, ago: timedelta | None = None, failures: int = 0) -> Plan:
    """A plan whose crawl is due now and was last done a step ago."""
    return Plan(due=NOW, step=step, ended=NOW - (ago or step), failures=failures)


def well(before: Plan | None, turnover: float | None, **more: Rhythm) -> Plan:
    return next_plan(before, Ending.WELL, now=NOW, turnover=turnover, **more)


@given(st.none() | plans, st.sampled_from(Ending), moments, shares, rhythms)
def test_a_plan_is_never_in_the_past_and_keeps_the_hours(
    before: Plan | None, ending: Ending, now: datetime, turnover: float | None, rhythm: Rhythm
) -> None:
    plan = next_plan(before, ending, now=now, turnover=turnover, rhythm=rhythm)
    assert plan.due >= now
    assert plan.ended == now
    # A spring night may have no such hour; the opening is the next best moment.
    assert rhythm.hours is None or rhythm.hours.open_at(plan.due) or rhythm.hours.start == local(plan.due, rhythm.hours)
    assert plan.failures >= 0
    longest = max(LATEST, rhythm.every or LATEST, 2 * (before.step if before else FIRST))
    assert plan.due <= now + longest + timedelta(days=2)
    if rhythm.every:
        assert plan.step == rhythm.every
    elif ending is Ending.WELL:
        assert SOONEST <= plan.step <= LATEST


def local(moment: datetime, hours: Hours) -> time:
    return moment.astimezone(hours.zone).time()


@given(st.timedeltas(SOONEST, LATEST), st.floats(0, 1), st.floats(0, 1))
def test_the_more_was_new_the_sooner(step: timedelta, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert well(planned(step), more).step <= well(planned(step), less).step


@given(st.timedeltas(timedelta(minutes=20), timedelta(hours=12)), st.floats(0.05, 20))
def test_an_even_stream_is_followed(start: timedelta, links_an_hour: float) -> None:
    """A feed of 20 links into which stories come evenly: after some crawls each finds a quarter of it new."""
    step = start
    for _ in range(30):
        new = min(1.0, links_an_hour * (step / HOUR) / 20)
        step = well(planned(step), new).step
    wanted = timedelta(hours=0.25 * 20 / links_an_hour)
    assert step / min(max(wanted, SOONEST), LATEST) == pytest.approx(1, abs=0.01)


def test_the_figures_are_those_of_the_readme() -> None:
    """A quarter of the busiest listing, from ten minutes to a day; two minutes after a failure, then twice as long."""
    assert (SOONEST, LATEST, FIRST, RETRY) == (10 * MINUTE, 24 * HOUR, HOUR, 2 * MINUTE)
    for turnover, hours in ((0.25, 1), (0.5, 0.5), (0.125, 2)):
        assert well(planned(HOUR), turnover).step == hours * HOUR


@pytest.mark.parametrize(("turnover", "hours"), [(1.0, 0.25), (0.0, 2), (0.01, 2)])
def test_one_crawl_moves_the_step_only_so_far(turnover: float, hours: float) -> None:
    assert well(planned(HOUR), turnover).step == hours * HOUR


def test_a_wrong_declaration_is_no_matter_of_time() -> None:
    plan = next_plan(planned(HOUR), Ending.REFUSED, now=NOW)
    assert (plan.due - NOW, plan.failures) == (24 * HOUR, 1)


def test_a_first_crawl_says_nothing_of_the_stream() -> None:
    assert well(None, 1.0).due == NOW + FIRST


def test_nothing_new_doubles_the_step_up_to_a_day() -> None:
    assert well(planned(HOUR), 0.0).step == 2 * HOUR
    assert well(planned(HOUR), None).step == 2 * HOUR
    assert well(planned(20 * HOUR), 0.0).step == LATEST


def test_a_listing_new_from_end_to_end_after_days_off_makes_no_step_longer() -> None:
    assert well(planned(HOUR, ago=72 * HOUR), 1.0).step == HOUR


def test_a_crawl_out_of_turn_that_finds_nothing_makes_no_step_shorter() -> None:
    assert well(planned(6 * HOUR, ago=MINUTE), 0.0).step == 6 * HOUR


def test_every_overrides_both_bounds() -> None:
    for every in (MINUTE, timedelta(days=7)):
        assert well(planned(HOUR), 1.0, rhythm=Rhythm(every)).due == NOW + every


def test_failures_back_off_to_a_day_and_are_forgotten_when_one_goes_well() -> None:
    plan, waits = planned(HOUR), []
    for _ in range(14):
        plan = next_plan(plan, Ending.FAILED, now=NOW)
        waits.append(plan.due - NOW)
    assert waits[:4] == [RETRY, 2 * RETRY, 4 * RETRY, 8 * RETRY]
    assert waits[-1] == LATEST
    assert well(plan, 0.25).failures == 0
    assert plan.step == HOUR


def test_a_wall_is_left_alone_for_longer_than_the_usual_step() -> None:
    first = next_plan(planned(HOUR), Ending.WALLED, now=NOW)
    second = next_plan(first, Ending.WALLED, now=NOW)
    assert [first.due - NOW, second.due - NOW] == [2 * HOUR, 4 * HOUR]
    weekly = next_plan(planned(HOUR), Ending.WALLED, now=NOW, rhythm=Rhythm(timedelta(days=7)))
    assert weekly.due - NOW == timedelta(days=7)


def test_night_hours_are_kept() -> None:
    night = Rhythm(hours=Hours.parse("22:00-06:00", ZoneInfo("Africa/Cairo")))
    plan = well(planned(HOUR), 0.25, rhythm=night)
    assert plan.due == datetime(2026, 11, 30, 22, tzinfo=ZoneInfo("Africa/Cairo"))
    closed = next_plan(planned(HOUR, failures=2), Ending.CLOSED, now=NOW, rhythm=night)
    assert (closed.due, closed.failures) == (plan.due, 2)


def test_the_longest_overdue_first_and_nothing_that_is_held() -> None:
    known = {
        "late": planned(HOUR),
        "later": Plan(due=NOW - HOUR, step=HOUR),
        "not yet": Plan(due=NOW + MINUTE, step=HOUR),
        "paused": Plan(due=NOW - HOUR, step=HOUR, held="paused"),
        "unasked": planned(HOUR),
    }
    assert due(["late", "later", "not yet", "paused", "new"], known, now=NOW) == ["later", "late", "new"]


def test_plans_are_kept_and_a_hold_survives_them(state_url: str) -> None:
    state = State(state_url)
    table = PlanTable(state)
    plan = Plan(due=NOW, step=HOUR, ended=NOW - HOUR, failures=3)
    table.put("paper", plan)
    assert table.get("paper") == plan
    table.hold("paper", "paused", now=NOW)
    table.hold("other", "paused", now=NOW)
    table.put("paper", Plan(due=NOW + HOUR, step=HOUR))
    found = table.all()
    assert found == {
        "paper": Plan(due=NOW + HOUR, step=HOUR, held="paused"),
        "other": Plan(due=NOW, step=timedelta(0), held="paused"),
    }
    table.hold("paper", None, now=NOW)
    table.make_due(["paper"], now=NOW)
    assert table.get("paper") == Plan(due=NOW, step=HOUR)
    assert table.get("nobody") is None
    state.close()


FEED = 'feeds = ["http://paper.test/feed"]'


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().served() as served:
        for number in range(1000, 1020):
            served.article(number)
        served.feed(list(range(1000, 1020)))
        yield served


def plan_of(directory: Path) -> Plan:
    state = State(f"sqlite:///{directory / 'data' / 'state.sqlite'}")
    try:
        plan = PlanTable(state).get("paper")
    finally:
        state.close()
    assert plan is not None
    return plan


def let_pass(directory: Path, passed: timedelta) -> None:
    """As if the last crawl had ended so long ago."""
    with sqlite3.connect(directory / "data" / "state.sqlite") as database:
        seconds = int(passed.total_seconds())
        database.execute("UPDATE plans SET due = due - ?, ended = ended - ?", (seconds, seconds))
        database.execute("UPDATE urls SET first_seen = first_seen - ?", (seconds,))
    database.close()


def test_due_crawls_what_is_due_and_plans_the_next(site: Site, tmp_path: Path) -> None:
    first = crawl(site, tmp_path, "due", "paper", attributes=FEED)
    assert (first.code, first.stat("stored")) == (0, 20), first.stderr
    assert first.stats["newscrawl_turnover"] == 1
    assert plan_of(tmp_path).step == FIRST

    asked = len(site.seen)
    again = crawl(site, tmp_path, "due", "paper", attributes=FEED)
    assert (again.code, again.stdout, again.stderr) == (0, "", "")
    assert len(site.seen) == asked

    # An hour later half of the feed is new: the next crawl comes after half an hour.
    let_pass(tmp_path, HOUR)
    for number in range(1020, 1030):
        site.article(number)
    site.feed(list(range(1010, 1030)))
    second = crawl(site, tmp_path, "due", "paper", attributes=FEED)
    assert (second.code, second.stat("stored")) == (0, 10), second.stderr
    assert second.stats["newscrawl_turnover"] == 0.5
    assert plan_of(tmp_path).step / HOUR == pytest.approx(0.5, abs=0.02)

    # Nothing came in the meantime.
    let_pass(tmp_path, HOUR)
    third = crawl(site, tmp_path, "due", "paper", attributes=FEED)
    assert third.stats["newscrawl_turnover"] == 0
    assert plan_of(tmp_path).step / HOUR == pytest.approx(1, abs=0.05)


def test_a_wall_and_a_dead_site_are_left_alone_for_longer(site: Site, tmp_path: Path) -> None:
    site.pages["/feed"] = Answer(b"no", 403)
    assert crawl(site, tmp_path, attributes=FEED).code == 1
    plan = plan_of(tmp_path)
    assert plan.failures == 1
    assert plan.ended is not None
    assert plan.due - plan.ended == 2 * FIRST
    site.pages["/feed"] = Answer(b"no", 503)
    assert crawl(site, tmp_path, attributes=FEED).code == 1
    assert plan_of(tmp_path).failures == 2


def test_a_backfill_plans_nothing(site: Site, tmp_path: Path) -> None:
    assert crawl(site, tmp_path, "-a", "since=2026-01-01", attributes=FEED).code == 0
    state = State(f"sqlite:///{tmp_path / 'data' / 'state.sqlite'}")
    assert PlanTable(state).all() == {}
    state.close()
