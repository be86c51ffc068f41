//! From the words of a line to devices of the telescope.

use harness_core::TracedDevice;
use harness_tango::telescope::{Role, RoleKind, System, Telescope};

use super::SessionError;
use crate::phrase::{Part, Who};

/// A device that a line is about.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The subsystem it belongs to; [`None`] for a device that plays no role.
    pub(crate) system: Option<System>,
    /// What kind of device it is, likewise.
    pub(crate) kind: Option<RoleKind>,
    /// The subarray it belongs to, if it belongs to one.
    pub(crate) number: Option<u32>,
    /// The device.
    pub(crate) device: TracedDevice,
}

impl Target {
    /// Whether it is the subarray of a system.
    pub(crate) fn is_subarray_of(&self, system: System) -> bool {
        self.kind == Some(RoleKind::Subarray) && self.system == Some(system)
    }
}

/// What a line says of devices: it decides which are meant where the line leaves it open ("the CSP").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// What subarrays do: `the CSP must be READY` is about its subarray.
    Observation,
    /// What systems are: `the CSP must be OFF` is about its controller.
    System,
}

/// Finds the devices that a line is about.
#[derive(Debug)]
pub(crate) struct Finder<'a> {
    pub(crate) telescope: &'a Telescope,
    /// What the scenario is about: what `it` and `the subarray` stand for.
    pub(crate) subject: &'a [Target],
    /// What the last line was about: what `they` stands for.
    pub(crate) mentioned: &'a [Target],
    /// The subarray that the scenario is about.
    pub(crate) number: u32,
}

impl Finder<'_> {
    /// All devices that `who` names, in that order; the scenario's own for a line that names nobody.
    pub(crate) fn all(
        &self,
        who: Option<&Who>,
        aspect: Aspect,
    ) -> Result<Vec<Target>, SessionError> {
        let Some(who) = who else {
            return self.subject();
        };
        let mut targets: Vec<Target> = Vec::new();
        for part in who.parts() {
            for target in self.of(part, aspect)? {
                if !targets
                    .iter()
                    .any(|known| known.device.name() == target.device.name())
                {
                    targets.push(target);
                }
            }
        }
        Ok(targets)
    }

    /// What the scenario is about: what its Givens named, or else the telescope manager's subarray.
    fn subject(&self) -> Result<Vec<Target>, SessionError> {
        if self.subject.is_empty() {
            return self.subarrays(System::Tmc, None);
        }
        Ok(self.subject.to_vec())
    }

    fn of(&self, part: &Part, aspect: Aspect) -> Result<Vec<Target>, SessionError> {
        if let Some(pronoun) = part.pronoun {
            return match pronoun {
                crate::phrase::Pronoun::They if !self.mentioned.is_empty() => {
                    Ok(self.mentioned.to_vec())
                }
                _ => self.subject(),
            };
        }
        let found = match (part.system, part.kind) {
            (_, Some(RoleKind::Dish | RoleKind::DishLeaf)) | (Some(System::Dish), _) => {
                self.dishes(part)?
            }
            (None, None) if !part.names.is_empty() => self.named(part),
            (None, None) if part.number.is_some() => self.subarrays(System::Tmc, part.number)?,
            (None, None) => return self.subject(),
            (None, Some(RoleKind::Subarray)) => match part.number {
                None if self.subject_is_of(RoleKind::Subarray) => return self.subject(),
                None if self.subject_is_of(RoleKind::SubarrayLeaf) => self.behind_leaf_nodes()?,
                number => self.subarrays(System::Tmc, number)?,
            },
            (None, Some(RoleKind::Controller)) if self.subject_is_of(RoleKind::Controller) => {
                return self.subject();
            }
            (None, Some(kind)) => self.of_kind(kind, part.number),
            (Some(system), Some(RoleKind::Subarray)) => self.subarrays(system, part.number)?,
            (Some(system), Some(kind)) => self.role(system, kind, part.number),
            (Some(System::Tmc), None) if aspect == Aspect::System => {
                self.role(System::Tmc, RoleKind::CentralNode, None)
            }
            (Some(system), None) if aspect == Aspect::System => {
                match self.role(system, RoleKind::Controller, None) {
                    controllers if controllers.is_empty() => self.subarrays(system, part.number)?,
                    controllers => controllers,
                }
            }
            (Some(system), None) => self.subarrays(system, part.number)?,
        };
        if found.is_empty() {
            return Err(self.nobody(part));
        }
        Ok(found)
    }

    fn subject_is_of(&self, kind: RoleKind) -> bool {
        !self.subject.is_empty() && self.subject.iter().all(|target| target.kind == Some(kind))
    }

    /// The subarrays of the subsystems before which the scenario's leaf nodes stand.
    fn behind_leaf_nodes(&self) -> Result<Vec<Target>, SessionError> {
        let mut targets = Vec::new();
        for leaf in self.subject {
            if let Some(system) = leaf.system {
                targets.extend(self.subarrays(system, leaf.number)?);
            }
        }
        Ok(targets)
    }

    fn subarrays(&self, system: System, number: Option<u32>) -> Result<Vec<Target>, SessionError> {
        let number = number.unwrap_or(self.number);
        let subarray = self.telescope.subarray_of(system, number)?;
        Ok(vec![Target {
            system: Some(system),
            kind: Some(RoleKind::Subarray),
            number: Some(number),
            device: subarray.traced().clone(),
        }])
    }

    /// The devices of a role, of those that belong to subarrays the one of the scenario's.
    fn role(&self, system: System, kind: RoleKind, number: Option<u32>) -> Vec<Target> {
        let role = Role::of(system, kind);
        let number = number.unwrap_or(self.number);
        self.telescope
            .devices()
            .filter(|(device, _)| device.role.is_some() && device.role == role)
            .filter(|(device, _)| device.subarray.is_none_or(|of| of == number))
            .map(|(device, traced)| Target {
                system: Some(system),
                kind: Some(kind),
                number: device.subarray,
                device: traced.clone(),
            })
            .collect()
    }

    fn of_kind(&self, kind: RoleKind, number: Option<u32>) -> Vec<Target> {
        let systems = System::ALL.iter();
        systems
            .flat_map(|system| self.role(*system, kind, number))
            .collect()
    }

    /// The dishes that the line names, each of which must be there, or all of them.
    fn dishes(&self, part: &Part) -> Result<Vec<Target>, SessionError> {
        let kind = part.kind.unwrap_or(RoleKind::Dish);
        let role = Role::of(System::Dish, kind);
        let is_meant = |dish: &str| {
            part.names.is_empty()
                || part
                    .names
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(dish))
        };
        let all = || {
            let devices = self.telescope.devices();
            devices.filter(|(device, _)| device.role.is_some() && device.role == role)
        };
        let is_there = |name: &String| {
            all().any(|(device, _)| {
                let dish = device.dish.as_deref();
                dish.is_some_and(|dish| name.eq_ignore_ascii_case(dish))
            })
        };
        if let Some(absent) = part.names.iter().find(|name| !is_there(name)) {
            let absent = Part {
                names: vec![absent.clone()],
                ..part.clone()
            };
            return Err(self.nobody(&absent));
        }
        Ok(all()
            .filter(|(device, _)| device.dish.as_deref().is_some_and(is_meant))
            .map(|(_, traced)| Target {
                system: Some(System::Dish),
                kind: Some(kind),
                number: None,
                device: traced.clone(),
            })
            .collect())
    }

    /// Devices of the telescope's file that play no role.
    fn named(&self, part: &Part) -> Vec<Target> {
        let names = part.names.iter();
        names
            .flat_map(|name| self.telescope.named(name))
            .map(|device| Target {
                system: None,
                kind: None,
                number: None,
                device: device.clone(),
            })
            .collect()
    }

    fn nobody(&self, part: &Part) -> SessionError {
        let advice = match (part.system, part.kind) {
            (Some(System::Dish), _) => {
                "name its dishes under `dishes`, and the role `dish`".to_owned()
            }
            (Some(system), kind) => {
                let role = Role::of(system, kind.unwrap_or(RoleKind::Controller));
                match role {
                    Some(role) => format!("give the role `{}` in the telescope's file", role.key()),
                    None => "there is no role for it".to_owned(),
                }
            }
            (None, _) => "name it under [devices] in the telescope's file".to_owned(),
        };
        SessionError::NobodyIs {
            telescope: self.telescope.config().name().to_owned(),
            who: part.to_string(),
            advice,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use harness_core::{Device, DeviceError, InMemoryDevice, Tracer};
    use harness_tango::telescope::TelescopeConfig;

    use super::*;
    use crate::{
        Keyword,
        phrase::{Grammar, Phrase},
    };

    async fn telescope() -> Telescope {
        let connect = |name: &str| -> Result<Arc<dyn Device>, DeviceError> {
            Ok(Arc::new(InMemoryDevice::new(name)))
        };
        let config = TelescopeConfig::new("in memory")
            .with_subarray_template("mid-tmc/subarray/{subarray:02}")
            .with_role(Role::Dish, "{dish}/elt/master")
            .with_dishes(["SKA001", "SKA002"]);
        Telescope::connect_with(config, &connect, &Tracer::default())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_dish_that_is_not_there_is_told_beside_dishes_that_are() {
        const POINT: Phrase = Phrase::new("dishes point").with_patterns(&["<who> point"]);
        let grammar = Grammar::new(&[(POINT, vec![Keyword::Then])], []).unwrap();
        let telescope = telescope().await;
        let find = |line: &str| {
            let found = grammar.recognise(Keyword::Then, line).unwrap();
            let finder = Finder {
                telescope: &telescope,
                subject: &[],
                mentioned: &[],
                number: 1,
            };
            let targets = finder.all(found.words.who("who"), Aspect::System);
            targets.map(|targets| targets.len())
        };
        assert_eq!(find("the dishes point").unwrap(), 2);
        assert_eq!(find("dish SKA002 point").unwrap(), 1);
        let error = find("dishes SKA001, SKA009 point").unwrap_err().to_string();
        assert!(error.contains("SKA009"), "{error}");
    }
}
