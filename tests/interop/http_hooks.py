"""What OpenAPI cannot say about settings: loaded by schemathesis (SCHEMATHESIS_HOOKS).

The bounds of a time are in order, with the mean between them; a time and its jitter are
within a year together; whole numbers are written as such, 2 and not 2.0. Bodies that are
meant to be wrong stay as they are.
"""

import schemathesis

LONGEST = 366 * 86_400


def ordered(value):
    """The value with its bounds in order, and its whole numbers whole."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: ordered(item) for key, item in value.items()}
    match value:
        case {"uniform": [int() | float() as first, int() | float() as second]}:
            value["uniform"] = sorted([first, second])
        case {"normal": {"mean": int() | float(), "deviation": _, "from": int() | float(),
                         "to": int() | float()}}:
            law = value["normal"]
            law["from"], law["mean"], law["to"] = sorted([law["from"], law["mean"], law["to"]])
        case {"exponential": {"mean": int() | float(), "to": int() | float()}}:
            law = value["exponential"]
            law["mean"], law["to"] = sorted([law["mean"], law["to"]])
        case {"jitter": int() | float() as jitter}:
            time = value.get("seconds", value.get("duration"))
            if isinstance(time, (int, float)):
                value["jitter"] = min(jitter, (LONGEST - time) / 2)
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode.is_positive:
        case.body = ordered(case.body)
