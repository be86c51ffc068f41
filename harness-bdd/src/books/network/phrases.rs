//! How people write about networks that misbehave.

use crate::phrase::Phrase;

/// The network, or what goes over it, and to whom.
macro_rules! flow {
    () => {
        "(network [(connection|link)]|networks|connection|connections|link|links|traffic|data|everything|requests|calls|commands\
         |replies|answers|responses|events) [(to|from|of|with|by|for) <who>]"
    };
}

/// The network, and to whom.
macro_rules! network {
    () => {
        "(network [(connection|link)]|networks|connection|connections|link|links|cable) [(to|from|of|with) <who>]"
    };
}

/// What goes over a network.
macro_rules! goods {
    () => {
        "[(all|its)] (data|traffic|everything|requests|calls|commands|replies|answers|responses|events)"
    };
}

/// For how long.
macro_rules! during {
    () => {
        "[for <during:number> <during_unit:word>]"
    };
}

/// Nothing passes.
pub(super) const CUT_OFF: Phrase = Phrase::new(
    "nothing arrives in either direction, and new connections are not answered; what was sent arrives afterwards",
)
.with_patterns(&[
    concat!(
        "{i} (cut|cut off|unplug|disconnect|interrupt) (network [(connection|link)]|connection|connections|link|links|cable) \
         [(to|from|of|with) <who>] ",
        during!()
    ),
    concat!(
    network!(),
    " (drops|drop|breaks|break|fails|fail|vanishes|vanish|disappears|goes down|go down|goes away\
     |(is|are|gets|get|becomes) (cut|cut off|down|lost|unplugged|dropped|interrupted|broken|gone|pulled)) ",
    during!()
    ),
])
.with_examples(&[
    "the network to the CSP subarray drops for 3 seconds",
    "the network is cut off",
    "I cut the network to the CSP subarray for 2 seconds",
]);

/// The server is gone, as far as clients see.
pub(super) const DOWN: Phrase =
    Phrase::new("connections are reset and new ones refused, as when the device's server is down")
        .with_patterns(&[
            concat!(
                "network [(to|of) <who>] (refuses|rejects) [all] (connections|everything) ",
                during!()
            ),
            concat!(
                "[all] (connections|connection) [to <who>] (is|are|get|gets) (refused|rejected) ",
                during!()
            ),
        ])
        .with_examples(&[
            "the network to the SDP subarray refuses all connections for 2 seconds",
            "all connections to the SDP subarray are refused for 500 ms",
        ]);

/// New connections are refused.
pub(super) const REFUSED: Phrase = Phrase::new("new connections are refused; open ones go on")
    .with_patterns(&[concat!(
        "new (connections|connection) [to <who>] (is|are|get|gets) (refused|rejected|not accepted) ",
        during!()
    ), concat!("network [to <who>] (refuses|rejects) [all] new (connections|connection) ", during!())])
    .with_examples(&["new connections to the CSP subarray are refused"]);

/// New connections are not answered.
pub(super) const UNANSWERED: Phrase = Phrase::new(
    "new connections are taken by the system and not answered until this is over; open ones go on",
)
.with_patterns(&[concat!(
    "new (connections|connection) [to <who>] (is|are) (not answered|not served|unanswered|ignored) ",
    during!()
)])
.with_examples(&["new connections to the CSP subarray are not answered for 2 seconds"]);

/// Open connections end.
pub(super) const ENDED: Phrase =
    Phrase::new("all open connections are closed, or reset, at once; new ones may come")
        .with_patterns(&[
            "[all] [open] (connections|connection) [to <who>] (is|are|get|gets) <fate:word>",
            "network [to <who>] (closes|resets|drops) [all] [open] (connections|connection)",
        ])
        .with_examples(&[
            "all connections to the CSP subarray are closed",
            "all connections to the CSP subarray are reset",
        ]);

/// Later.
pub(super) const DELAYED: Phrase = Phrase::new(
    "everything, or what is named, arrives later: by 200 ms if the line does not say",
)
.with_patterns(&[
    concat!(
        flow!(),
        " (is|are|gets|get|becomes|become|arrives|arrive|comes|come) (delayed|late|slow|slower|slowed down) \
         [by <time:number> <unit:word>] [(with|and) jitter [of] <jitter:number> <jitter_unit:word>] ",
        during!()
    ),
    concat!(
        "network [to <who>] (delays|slows down) ", goods!(),
        " [by <time:number> <unit:word>] [(with|and) jitter [of] <jitter:number> <jitter_unit:word>] ",
        during!()
    ),
    concat!(
        network!(),
        " (has|have|gets|get) (latency|delay) of <time:number> <unit:word> \
         [(with|and) jitter [of] <jitter:number> <jitter_unit:word>] ",
        during!()
    ),
])
.with_examples(&[
    "the network to the CSP subarray is slow",
    "the replies of the CSP subarray are delayed by 300 ms with a jitter of 50 ms",
    "the events of the SDP subarray come late by 2 s",
    "the network to the CSP subarray has a latency of 300 ms",
]);

/// Other than it was sent.
pub(super) const CORRUPTED: Phrase = Phrase::new(
    "bits flip at random, one in a thousand octets, or at the rate that the line gives",
)
.with_patterns(&[
    concat!(
        flow!(),
        " (is|are|gets|get) (corrupted|garbled|damaged|spoiled|corrupt) [at rate [of] <rate:number>] ",
        during!()
    ),
    concat!(
        "network [to <who>] (corrupts|garbles|damages|spoils) ", goods!(),
        " [at rate [of] <rate:number>] ",
        during!()
    ),
])
.with_examples(&[
    "the network to the CSP subarray corrupts replies",
    "the events of the CSP subarray are corrupted for 2 seconds",
]);

/// Never arrives.
pub(super) const LOST: Phrase = Phrase::new(
    "what is sent is taken and never arrives; connections stay open",
)
.with_patterns(&[
    concat!(
        "(traffic|data|everything|requests|calls|commands|replies|answers|responses|events) \
         [(to|from|of|with|by|for) <who>] (is|are|gets|get) (lost|swallowed|dropped|discarded) ",
        during!()
    ),
    concat!(
        "network [to <who>] (loses|swallows|drops|discards) ",
        goods!(),
        " ",
        during!()
    ),
])
.with_examples(&[
    "the network to the CSP subarray loses replies",
    "the requests to the CSP subarray are lost for 2 seconds",
]);

/// Arrives afterwards.
pub(super) const HELD: Phrase =
    Phrase::new("nothing is read, so that the sender is held up; all arrives when this is over")
        .with_patterns(&[
            concat!(
                flow!(),
                " (is|are|gets|get) (held|held back|held up|not read|stalled|stuck|blocked) ",
                during!()
            ),
            concat!(
                "network [to <who>] (holds|holds back|blocks|stalls) ",
                goods!(),
                " ",
                during!()
            ),
        ])
        .with_examples(&["the replies of the CSP subarray are held back for 2 seconds"]);

/// Slower.
pub(super) const LIMITED: Phrase = Phrase::new(
    "so much passes a second: octets, kB, MB, kbit, Mbit; on each connection by itself",
)
.with_patterns(&[concat!(
    flow!(),
    " (is|are|gets|get) (limited|restricted|throttled) to <rate:number> <unit:word> \
             [(per|a|each) (second|s)] ",
    during!()
)])
.with_examples(&["the network to the CSP subarray is limited to 20 kB per second"]);

/// In pieces.
pub(super) const SLICED: Phrase = Phrase::new("what was sent at once arrives in pieces, 1 ms apart")
    .with_patterns(&[concat!(
        flow!(),
        " (is|are|gets|get|arrives|arrive|comes|come) [(cut|sliced|split)] (into|in) (pieces|slices|parts|chunks) \
         of <size:integer> (octet|octets|byte|bytes) ",
        during!()
    )])
    .with_examples(&["the replies of the CSP subarray arrive in pieces of 64 octets"]);

/// Closed on data.
pub(super) const CLOSED_ON_DATA: Phrase = Phrase::new(
    "a connection is closed when data comes on it, or after so many octets",
)
.with_patterns(&[
    concat!(
        network!(),
        " (closes|close|is closed|are closed|get closed) [its] [(connection|connections)] (on|at|with) data ",
        during!()
    ),
    concat!(
        network!(),
        " (closes|close|is closed|are closed|get closed) after <size:integer> (octet|octets|byte|bytes) ",
        during!()
    ),
])
.with_examples(&[
    "the network to the CSP subarray closes on data",
    "connections to the CSP subarray are closed after 100 octets",
]);

/// By name.
pub(super) const LIKE: Phrase = Phrase::new(
    "all is as in a kind of network: lan, site-wan, trans-oceanic, satellite, 4g, 3g, edge, gprs, high-latency, \
     high-jitter, loss-5 to loss-100, congested-switch, flapping, half-dead, slow-reader",
)
.with_patterns(&[concat!(
    "(network|networks|connection|connections|link|links) [(to|from|of|with) <who>] \
     (is|are|becomes|become|behaves|behave) (like|as|as in|as over) <profile:value> \
     [(network|line|link|connection)] ",
    during!()
), concat!(network!(), " (flaps|flap|(is|are) flapping) ", during!())])
.with_examples(&[
    "the network to the CSP subarray is like a 3g network",
    "the network is like \"site-wan\" for 5 seconds",
    "the network is flapping",
]);

/// All is well again.
pub(super) const RESTORED: Phrase =
    Phrase::new("ends what lines made go wrong in this part of the network")
        .with_patterns(&[
            "(network [(connection|link)]|networks|connection|connections|link|links|cable) [(to|from|of|with) <who>] \
             ((is|are|gets|get) (restored|repaired|mended|back|reconnected|normal|up again|plugged in|well)\
             |(comes|come|goes|go) back [up]|(works|work) again) [again]",
            "{i} (restore|repair|mend|reconnect) (network|connection|connections|link|links) [to <who>]",
        ])
        .with_examples(&["the network to the CSP subarray is restored"]);

/// A device answers again.
pub(super) const RECOVERS: Phrase = Phrase::new(
    "the devices answer within this time, or that of the telescope's commands; how long it took since \
     the network was well again is noted",
)
.with_patterns(&[
    "<who> (answers|answer|responds|respond|recovers|recover|works|work|is reachable|are reachable|is back|are back) \
     again [within <time:number> <unit:word>]",
    "<who> (recovers|recover) within <time:number> <unit:word>",
    "network [to <who>] (recovers|recover|works again) [within <time:number> <unit:word>]",
])
.with_examples(&[
    "the CSP subarray answers again within 5 seconds",
    "the network recovers within 10 seconds",
]);

/// The record is whole.
pub(super) const NOTHING_LOST: Phrase = Phrase::new(
    "no gap in the events of these devices was noticed since the When, or of any device",
)
.with_patterns(&[
    "no (event|events|change|changes) [(of|from) <who>] (is|was|are|were|got|has been|have been) (lost|missed|missing)",
])
.with_examples(&["no event of the CSP subarray was lost"]);
