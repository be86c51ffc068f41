//! How people say which telescope, and which device, a scenario is about.

use crate::phrase::Phrase;

/// What a telescope is made of.
pub(super) const CONSISTS: Phrase = Phrase::new(
    "the telescope has these systems, and all their devices answer; whether they are simulated can't be \
     seen over Tango, and is not looked at",
)
.with_patterns(&[
    "[(I have|there is|given)] [(low|mid)] (telescope|system|deployment|SUT) (consisting|made up|made|composed|comprising|consists|with) \
     [of] <who> [(that is|which is|that are|which are|and is|all)] [in] [<state:state>] [{state}]",
])
.with_examples(&[
    "a Telescope consisting of TMC, simulated SDP, simulated CSP and DISH SKA063,SKA100",
    "a Telescope made up of CSP, MCCS and SDP that is ON",
]);

/// Which telescope it is.
pub(super) const KIND: Phrase =
    Phrase::new("the telescope is that of Low, or of Mid; its devices answer")
        .with_patterns(&[
            "[(I have|there is|given)] [SKA] (low|mid) telescope",
            "[(I have|there is|given)] telescope [(deployment|system)]",
        ])
        .with_examples(&["a Mid telescope", "a low telescope"]);

/// How many subarrays it has.
pub(super) const SUBARRAYS: Phrase = Phrase::new("the telescope has so many subarrays, or more")
    .with_patterns(&[
        "[(I have|there is|given)] [SUT|system under test] [(low|mid)] [telescope] [deployment] (with|having|of) \
         [at least] <count:integer> (subarray|subarrays)",
    ])
    .with_examples(&["an SUT deployment with 1 subarray"]);

/// Whom the scenario is about.
pub(super) const THERE_IS: Phrase =
    Phrase::new("these devices are there and answer; the scenario is about them from here on")
        .with_patterns(&[
            "[(I have|we have|there is|there are|given)] <who> [(device|devices)] \
     [(is|are)] [(deployed|available|present|reachable|running|up and running|up|there)]",
        ])
        .with_examples(&[
            "a TMC",
            "there is a CSPSubarray device",
            "a TMC MCCS subarray Leaf Node",
        ]);
