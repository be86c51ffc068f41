//! Looking at what is on, off and on standby.

use harness_tango::control_model::DevState;

use super::{
    act::target,
    attribute::{of_device, of_telescope, states},
};
use crate::{
    BoxError, Context, HasTelescope,
    books::device::{Claim, Wording},
    phrase::words,
    world::Aspect,
};

pub(super) async fn telescope_is<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    telescope(world, context, Wording::Is).await
}

pub(super) async fn telescope_becomes<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    telescope(world, context, Wording::Becomes).await
}

pub(super) async fn telescope_remains<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let seconds = words(&context)?.value("seconds")?;
    telescope(world, context, Wording::remains(seconds)?).await
}

pub(super) async fn telescope_is_switched<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let states = [target(&words(&context)?)?.device_state()];
    telescope_in(world, context, Wording::Becomes, &states).await
}

async fn telescope<W: HasTelescope>(
    world: &mut W,
    context: Context,
    wording: Wording,
) -> Result<(), BoxError> {
    let states = states(&words(&context)?)?;
    telescope_in(world, context, wording, &states).await
}

async fn telescope_in<W: HasTelescope>(
    world: &mut W,
    context: Context,
    wording: Wording,
    states: &[DevState],
) -> Result<(), BoxError> {
    let session = world.session();
    for claim in of_telescope(session, states)? {
        claim.verify(session, &context, wording).await?;
    }
    Ok(())
}

pub(super) async fn is<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    devices(world, context, Wording::Is).await
}

pub(super) async fn becomes<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    devices(world, context, Wording::Becomes).await
}

pub(super) async fn remains<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let seconds = words(&context)?.value("seconds")?;
    devices(world, context, Wording::remains(seconds)?).await
}

pub(super) async fn is_switched<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let states = [target(&words(&context)?)?.device_state()];
    devices_in(world, context, Wording::Becomes, &states).await
}

async fn devices<W: HasTelescope>(
    world: &mut W,
    context: Context,
    wording: Wording,
) -> Result<(), BoxError> {
    let states = states(&words(&context)?)?;
    devices_in(world, context, wording, &states).await
}

async fn devices_in<W: HasTelescope>(
    world: &mut W,
    context: Context,
    wording: Wording,
    states: &[DevState],
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    for target in session.targets(words.who("who"), Aspect::System)? {
        let claim: Claim = of_device(target, states).await;
        claim.verify(session, &context, wording).await?;
    }
    Ok(())
}
