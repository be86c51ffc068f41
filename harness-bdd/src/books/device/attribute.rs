//! Lines about attributes of devices.

use super::{Claim, ValueWord, Wording, bring_about};
use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    phrase::{Words, attribute_name, words},
};

pub(super) async fn given<W: HasTelescope>(
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
    verify(world, context, Wording::Is).await
}

pub(super) async fn becomes<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    verify(world, context, Wording::Becomes).await
}

pub(super) async fn remains<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let seconds = words(&context)?.value("seconds")?;
    verify(world, context, Wording::remains(seconds)?).await
}

async fn verify<W: HasTelescope>(
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

/// What the line says of each device that it names.
fn claims(session: &mut TelescopeSession, words: &Words) -> Result<Vec<Claim>, BoxError> {
    let mut claims = Vec::new();
    for (attribute, value) in [("attribute", "value"), ("other_attribute", "other_value")] {
        let (Some(attribute), Some(value)) =
            (words.text(attribute), words.value::<ValueWord>(value)?)
        else {
            continue;
        };
        let attribute = attribute_name(attribute);
        for target in session.holders(words.who("who"), &attribute)? {
            claims.push(Claim {
                target,
                attribute: attribute.clone(),
                values: vec![value.clone()],
            });
        }
    }
    Ok(claims)
}
