"""How long things take and may take."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Timing:
    """Seconds, all of them by the database's clock or the machine's, never by Ember's.

    lease: how long a lane is one worker's, counted anew when a message is kept as being sent.  timeout: of a call to
    Slack.  settle: after a call is over, until a look into the history tells for certain.  pace: between two messages
    of a lane.  unsure: until a channel is looked at again.  backoff: what waits after a refusal are counted in.
    limited: within which two lanes that Slack slows down hold up their workspace.  busy: for which one round of
    dispatching takes on new work.

    A call is begun only if it will be over, answered or given up, within the lease.  So whoever finds that a lease ran
    out knows that nobody is calling any more; from then on, as after an unclear answer, Slack has the settle time to
    show the message.  That makes a short lease as safe as a long one, and a dead worker's lanes go on sooner; it has to
    outlast a call and what is written before and after it.
    """

    lease: float = 15.0
    timeout: float = 10.0
    settle: float = 30.0
    pace: float = 1.05
    unsure: float = 30.0
    backoff: float = 1.0
    limited: float = 30.0
    busy: float = 10.0

    @property
    def looking(self) -> float:
        """How long a look into the history may take: what it saw is written down within the lease."""
        return 0.8 * self.lease

    def times(self, factor: float) -> "Timing":
        """Return the same, all shorter or longer."""
        return replace(self, **{name: seconds * factor for name, seconds in vars(self).items()})
