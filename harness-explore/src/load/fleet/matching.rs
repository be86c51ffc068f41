//! Pairs of two kinds of things of which each may belong to several of the other kind.

/// A largest matching: for each on the left the one on the right that it is paired with. Whoever comes first
/// on the left stays paired, if anybody can be (Kuhn's way of augmenting paths).
pub(super) fn matching(
    left: usize,
    right: usize,
    fits: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; right];
    for one in 0..left {
        let mut tried = vec![false; right];
        augment(one, &mut owners, &mut tried, &fits);
    }
    let mut pairs = vec![None; left];
    for (place, owner) in owners.into_iter().enumerate() {
        if let Some(owner) = owner {
            pairs[owner] = Some(place);
        }
    }
    pairs
}

fn augment(
    one: usize,
    owners: &mut [Option<usize>],
    tried: &mut [bool],
    fits: &impl Fn(usize, usize) -> bool,
) -> bool {
    for place in 0..owners.len() {
        if tried[place] || !fits(one, place) {
            continue;
        }
        tried[place] = true;
        let free = match owners[place] {
            None => true,
            Some(owner) => augment(owner, owners, tried, fits),
        };
        if free {
            owners[place] = Some(one);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_makes_room_for_another_that_has_no_choice() {
        let fits = |one, other| matches!((one, other), (0, 0 | 1) | (1, 0) | (2, 1 | 2));
        assert_eq!(matching(3, 3, fits), [Some(1), Some(0), Some(2)]);
    }

    #[test]
    fn of_two_that_want_the_same_the_first_has_it() {
        assert_eq!(matching(2, 1, |_, _| true), [Some(0), None]);
        assert_eq!(matching(2, 0, |_, _| true), [None, None]);
    }
}
