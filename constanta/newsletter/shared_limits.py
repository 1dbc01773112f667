"""The limits of nodes that count together, in the memory of one Redis or Valkey server.

A signup first holds a place in each of its counters, and is counted there once it is stored. A hold lapses by itself,
so a killed process leaves nothing for longer than that. Holds have random names and counters have HMACs: nothing that
the server is ever sent says who signed up.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from constanta.errors import Problem, SettingsError, sentence
from constanta.newsletter.limits import (
    DAY,
    BudgetSpentError,
    ClientLimitError,
    Counter,
    LimitsUnavailableError,
    counters_of,
)

_PREFIX = "constanta:"
_ANSWER_SECONDS = 2
_HELD_SECONDS = 10
"""Longer than it takes to store a signup, or to give up a database that does not answer (5 s)."""
_PAUSE_SECONDS = 0.02
_SLOW_CLOCK_SECONDS = 60
_REFUSALS = (ClientLimitError, BudgetSpentError)
"""What is raised where the first counter of a signup is full, and where the second one is."""

# A counter is a hash: `count`; `until`, the second at which it begins anew; and for each hold a field with the
# millisecond, on the server's clock, at which it lapses. Answers {0, n} where the first n places are held, {n, seconds
# to wait} where the n-th counter refuses the signup, and {-1, 0} where others hold the last places of a counter.
_HOLD = """
local id, now, held = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)

local function look(key)
  local count, ends, holds = 0, 0, 0
  local fields = redis.call('HGETALL', key)
  for n = 1, #fields, 2 do
    local field, value = fields[n], tonumber(fields[n + 1])
    if field == 'count' then count = value
    elseif field == 'until' then ends = value
    elseif value > clock then holds = holds + 1
    else redis.call('HDEL', key, field) end
  end
  if ends <= now then count = 0 end
  return count, ends, holds
end

local places = 0
for n, key in ipairs(KEYS) do
  local limit, count, ends, holds = tonumber(ARGV[3 + n]), look(key)
  if count >= limit then
    if n <= 2 then return {n, ends - now} end
    break
  end
  if count + holds >= limit then return {-1, 0} end
  places = n
end
for n = 1, places do
  redis.call('HSET', KEYS[n], id, clock + held)
  redis.call('PEXPIRE', KEYS[n], math.max(redis.call('PTTL', KEYS[n]), held))
end
return {0, places}
"""

# Counts also where the hold has lapsed, for the signup is stored. `rest` is what is left of the day: the names of
# tomorrow are others.
_COUNT = """
local id, now, held, rest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
for n, key in ipairs(KEYS) do
  redis.call('HDEL', key, id)
  local ends = tonumber(redis.call('HGET', key, 'until') or 0)
  if ends <= now then
    ends = now + tonumber(ARGV[4 + n])
    redis.call('HSET', key, 'count', 0, 'until', ends)
  end
  redis.call('HINCRBY', key, 'count', 1)
  redis.call('PEXPIRE', key, math.max(math.min(ends - now, rest) * 1000, held))
end
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Hold:
    id: str
    now: int
    names: Sequence[str]
    periods: Sequence[int]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class SharedLimits:
    """The counters of all nodes together.

    Attributes:
        store: The server that has them in its memory.
        hourly_budget: How many signups all clients together may make in an hour.
        client_limit: How many signups one client may make in ten minutes.
        held_seconds: When a place that was neither counted nor given back is free again.
    """

    store: Redis
    hourly_budget: int
    client_limit: int
    held_seconds: float = _HELD_SECONDS

    @contextmanager
    def admission(self, client: str, email: str, now: int) -> Iterator[bool]:
        """Keep `Limits.admission`; a process that dies in the block keeps its places for `held_seconds`."""
        counters = counters_of(client, email, self.client_limit, self.hourly_budget)
        try:
            hold = self._take(counters, now)
        except RedisError as error:
            raise LimitsUnavailableError(type(error).__name__) from error
        try:
            yield hold.is_whole
        except BaseException:
            self._give_back(hold)
            raise
        self._count(hold)

    def writes_to_disk(self) -> bool | None:
        """Return whether the server keeps its memory on a disk too; None where it does not say."""
        try:
            said = {**self.store.config_get("save"), **self.store.config_get("appendonly")}
        except ResponseError:
            return None
        if not {"save", "appendonly"} <= said.keys():
            return None
        return said["save"] != "" or said["appendonly"] != "no"

    def _take(self, counters: Sequence[Counter], now: int) -> _Hold:
        # Asked each time: the server may have been started anew with another configuration.
        if self.writes_to_disk():
            raise LimitsUnavailableError("it writes to a disk")
        key, id_, held = self._daily_key(now), secrets.token_hex(16), int(self.held_seconds * 1000)
        names = [_PREFIX + counter.name(key).hex() for counter in counters]
        limits = [counter.limit for counter in counters]
        deadline = time.monotonic() + self.held_seconds + _ANSWER_SECONDS
        while time.monotonic() < deadline:
            answer, number = self.store.eval(_HOLD, len(names), *names, id_, now, held, *limits)
            if answer == 0:
                periods = [counter.period for counter in counters[:number]]
                return _Hold(id_, now, names[:number], periods, is_whole=number == len(names))
            if answer > 0:
                raise _REFUSALS[answer - 1](number)
            time.sleep(_PAUSE_SECONDS)
        raise LimitsUnavailableError("others hold what is left")

    def _count(self, hold: _Hold) -> None:
        held, rest = int(self.held_seconds * 1000), DAY - hold.now % DAY
        try:
            self.store.eval(
                _COUNT, len(hold.names), *hold.names, hold.id, hold.now, held, rest, *hold.periods
            )
        except RedisError as error:
            # The signup is stored and its mail on the way; to tell the reader anything else would be wrong.
            log.warning("a signup was not counted: %s", type(error).__name__)

    def _give_back(self, hold: _Hold) -> None:
        with suppress(RedisError), self.store.pipeline(transaction=False) as commands:
            for name in hold.names:
                commands.hdel(name, hold.id)
            commands.execute()

    def _daily_key(self, now: int) -> bytes:
        """Return the key of the day, made by whichever node needs it first."""
        name = f"{_PREFIX}key:{now // DAY}"
        if (key := self.store.get(name)) is None:
            # Once it is gone, nobody can tell any more what was counted.
            lives = DAY - now % DAY + _SLOW_CLOCK_SECONDS
            self.store.set(name, secrets.token_bytes(32), nx=True, ex=lives)
            key = self.store.get(name)
        if not isinstance(key, bytes):
            raise LimitsUnavailableError("it keeps nothing")
        return key


def open_shared_limits(url: str, hourly_budget: int, client_limit: int) -> SharedLimits:
    """Return the limits of all nodes that name this server; one that is away may come later.

    Raises:
        SettingsError: The server writes to a disk.
    """
    store = Redis.from_url(
        url,
        socket_connect_timeout=_ANSWER_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        # A reader waits: who is not there at once gets no second chance.
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        driver_info=None,
    )
    limits = SharedLimits(store, hourly_budget, client_limit)
    try:
        on_disk = limits.writes_to_disk()
    except RedisError as error:
        log.warning("the store of the newsletter's limits is unavailable: %s", type(error).__name__)
        return limits
    if on_disk:
        wrong = sentence(
            "The server that CONSTANTA_LIMITS_URL names writes what it counts to a disk, where others could find "
            "it. Switch off snapshots (save) and the journal (appendonly) in its configuration, as in "
            "deploy/redis/redis-limits.conf."
        )
        raise SettingsError(Problem(wrong))
    if on_disk is None:
        log.warning(
            "the store of the newsletter's limits does not say whether it writes to a disk; it must not"
        )
    return limits
