//! One suite for every way to a device: in process, by tango-wire and by tango-rs, against the
//! simulated telescope, and against a PyTango subarray that `tests/interop/backends` serves. What is
//! not the same is a row in docs/backends.md.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[macro_use]
mod suite;
mod checks;
mod difference;
mod in_process;
mod instrument;
mod rows;
mod served;
mod subject;

mod in_process_device {
    suite!(on crate::in_process::subject());
}

mod wire_to_simulated {
    suite!(on crate::served::simulated(crate::subject::Backend::Wire));
}

mod wire_to_pytango {
    suite!(
        ignored "needs a PyTango subarray: tests/interop/backends" on
        crate::served::pytango(crate::subject::Backend::Wire)
    );
}

#[cfg(feature = "tango-rs")]
mod tango_rs_to_simulated {
    suite!(on crate::served::simulated(crate::subject::Backend::TangoRs));
}

#[cfg(feature = "tango-rs")]
mod tango_rs_to_pytango {
    suite!(
        ignored "needs a PyTango subarray: tests/interop/backends" on
        crate::served::pytango(crate::subject::Backend::TangoRs)
    );
}
