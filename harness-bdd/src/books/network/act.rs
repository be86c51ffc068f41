//! Making networks misbehave, and putting them right.

use std::time::Duration;

use harness_chaos::{
    Arrival, Bandwidth, Close, Corrupt, Delay, Ending, Hold, Profile, Slice, Swallow,
};
use harness_core::fault::{Fault, Timetable};

use super::{
    flow::Flow,
    quantity::{during, rate, time},
};
use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    phrase::{Words, words},
    world::Act,
};

/// How late "slow" is.
const SLOW: Duration = Duration::from_millis(200);
/// The part of the octets in which a bit flips.
const CORRUPTED: f64 = 0.001;

/// Starts what the line says, until the end of the scenario or for as long as the line says.
async fn start<W: HasTelescope>(
    world: &mut W,
    context: Context,
    fault: impl FnOnce(&Flow, &Words) -> Result<Box<dyn Fault>, BoxError>,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let flow = Flow::of(session, &words)?;
    let fault = fault(&flow, &words)?;
    let lasting = during(&words)?;
    let beginning = session.begin().await?;
    let journal = session.telescope()?.tracer().journal().clone();
    let guard = match lasting {
        None => fault.start().await?.recorded_in(&journal),
        Some(lasting) => {
            let timetable = Timetable::once(fault, lasting).recorded_in(&journal);
            timetable.start().await?
        }
    };
    session.keep_network_fault(flow.part, guard);
    session.note(None, beginning, Act::Other);
    Ok(())
}

/// Steps that start a fault, each of which is made from the flow and the words of the line.
macro_rules! faults {
    ($( $(#[$about:meta])* $name:ident = $fault:expr; )+) => {$(
        $(#[$about])*
        pub(super) async fn $name<W: HasTelescope>(
            world: &mut W,
            context: Context,
        ) -> Result<(), BoxError> {
            start(world, context, $fault).await
        }
    )+};
}

faults! {
    cut_off = |flow, _| Ok(Box::new(flow.part.cut_off()));
    down = |flow, _| Ok(Box::new(flow.part.down()));
    refused = |flow, _| Ok(Box::new(flow.part.new_connections(Arrival::Refused)));
    unanswered = |flow, _| Ok(Box::new(flow.part.new_connections(Arrival::Unanswered)));
    delayed = |flow, words| {
        let delay = Delay::of(time(words, "time", "unit")?.unwrap_or(SLOW));
        let jitter = time(words, "jitter", "jitter_unit")?.unwrap_or_default();
        Ok(Box::new(flow.suffers(delay.with_jitter(jitter))))
    };
    corrupted = |flow, words| {
        let rate = words.value("rate")?.unwrap_or(CORRUPTED);
        Ok(Box::new(flow.suffers(Corrupt::bits(rate))))
    };
    lost = |flow, _| Ok(Box::new(flow.suffers(Swallow)));
    held = |flow, _| Ok(Box::new(flow.suffers(Hold)));
    limited = |flow, words| {
        Ok(Box::new(flow.suffers(Bandwidth::octets_per_second(rate(words)?))))
    };
    sliced = |flow, words| Ok(Box::new(flow.suffers(Slice::into(words.needed("size")?))));
    closed_on_data = |flow, words| {
        let after = words.value("size")?.unwrap_or(0);
        Ok(Box::new(flow.suffers(Close::after_octets(after))))
    };
    // the line that names none says "flapping"
    like = |flow, words| match words.value::<Profile>("profile")? {
        Some(profile) => Ok(flow.part.like(&profile)),
        None => Ok(flow.part.like(&"flapping".parse()?)),
    };
}

/// Ends all open connections, once.
pub(super) async fn ended<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let ending = match words.text("fate").map(str::to_lowercase).as_deref() {
        Some("closed" | "ended" | "dropped") => Ending::Fin,
        Some("reset" | "killed" | "broken") => Ending::Reset,
        Some(other) => {
            return Err(format!("connections can't be `{other}`; write closed, or reset").into());
        }
        None if words.line().to_lowercase().contains(" resets ") => Ending::Reset,
        None => Ending::Fin,
    };
    let session = world.session();
    let flow = Flow::of(session, &words)?;
    let beginning = session.begin().await?;
    let count = flow.part.close_all(ending).await;
    let verb = match ending {
        Ending::Fin => "closed",
        Ending::Reset => "reset",
    };
    let journal = session.telescope()?.tracer().journal().clone();
    journal.note(format!("{}: {count} connections are {verb}", flow.part));
    session.note(None, beginning, Act::Other);
    Ok(())
}

/// Ends what lines made go wrong there.
pub(super) async fn restored<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let flow = Flow::of(session, &words)?;
    let beginning = session.begin().await?;
    restore(session, &flow).await?;
    session.note(None, beginning, Act::Other);
    Ok(())
}

async fn restore(session: &mut TelescopeSession, flow: &Flow) -> Result<(), BoxError> {
    session.network()?;
    let guards = session.take_network_faults(|part| part.is_within(&flow.part));
    if guards.is_empty() {
        let mut words = format!("nothing that a line made go wrong goes on in {}", flow.part);
        for fault in session.network_faults() {
            words += &format!("\n  what goes on is: {fault}");
        }
        return Err(words.into());
    }
    for guard in guards {
        guard.stop().await?;
    }
    Ok(())
}
