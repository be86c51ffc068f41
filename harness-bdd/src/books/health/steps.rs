//! Making devices ill, and looking how well they are.

use std::convert::Infallible;

use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    books::device::{Claim, ValueWord, Wording, bring_about, set},
    phrase::{Words, words},
    world::Act,
};

const HEALTH_STATE: &str = "healthState";
const TELESCOPE_HEALTH_STATE: &str = "telescopeHealthState";

/// What is under test is what follows from it.
pub(super) async fn set_health<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let claims = claims(session, &words)?;
    let beginning = session.begin().await?;
    for claim in &claims {
        if !claim.holds_now().await? {
            set(session, claim).await?;
        }
    }
    session.note(None, beginning, Act::Other);
    Ok(())
}

pub(super) async fn given_health<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    for claim in claims(session, &words)? {
        bring_about(session, &claim).await?;
    }
    Ok(())
}

pub(super) async fn is<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    device(world, context, Wording::Is).await
}

pub(super) async fn becomes<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    device(world, context, Wording::Becomes).await
}

async fn device<W: HasTelescope>(
    world: &mut W,
    context: Context,
    wording: Wording,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    for claim in claims(session, &words)? {
        claim.verify(session, &context, wording).await?;
    }
    Ok(())
}

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

/// The telescope as a whole can't be made ill: it follows its devices, and may take its time.
async fn telescope<W: HasTelescope>(
    world: &mut W,
    context: Context,
    wording: Wording,
) -> Result<(), BoxError> {
    let values = values(&words(&context)?)?;
    let session = world.session();
    for target in session.holders(None, TELESCOPE_HEALTH_STATE)? {
        let claim = Claim {
            target,
            attribute: TELESCOPE_HEALTH_STATE.to_owned(),
            values: values.clone(),
        };
        claim.verify(session, &context, wording).await?;
    }
    Ok(())
}

/// What the line says of each device: one value holds for all; of several, the first for the first that
/// is named, and so on.
fn claims(session: &mut TelescopeSession, words: &Words) -> Result<Vec<Claim>, BoxError> {
    let values = values(words)?;
    let each = words.who("who").map(|who| who.each().collect::<Vec<_>>());
    let each = each.unwrap_or_default();
    if values.len() > 1 && values.len() != each.len() {
        let (devices, values) = (each.len(), values.len());
        return Err(format!("the line names {devices} devices and {values} values").into());
    }
    let values = values.into_iter().cycle();
    let mut claims = Vec::new();
    for (who, value) in each.iter().zip(values) {
        for target in session.holders(Some(who), HEALTH_STATE)? {
            claims.push(Claim {
                target,
                attribute: HEALTH_STATE.to_owned(),
                values: vec![value.clone()],
            });
        }
    }
    Ok(claims)
}

fn values(words: &Words) -> Result<Vec<ValueWord>, BoxError> {
    let values = words.list::<ValueWord>("values")?;
    if values.is_empty() {
        // `is healthy`
        return Ok(vec![
            "OK".parse()
                .unwrap_or_else(|never: Infallible| match never {}),
        ]);
    }
    Ok(values)
}
