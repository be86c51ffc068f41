//! Which flow a user takes next.

use super::flow::Schedule;

/// The order of flows of one user.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    schedule: Schedule,
    /// Flows by their places, each as often as its weight says; empty where chance chooses.
    wheel: Vec<usize>,
    weights: Vec<u32>,
}

impl Order {
    /// The order for flows of these weights.
    pub(crate) fn of(schedule: Schedule, weights: &[u32]) -> Order {
        let flows = weights.iter().copied().enumerate();
        let wheel = match schedule {
            Schedule::Random | Schedule::ByUser => Vec::new(),
            Schedule::Serial => flows
                .flat_map(|(flow, weight)| std::iter::repeat_n(flow, weight as usize))
                .collect(),
            Schedule::RoundRobin => {
                let rounds = weights.iter().copied().max().unwrap_or_default();
                let there = |round| flows.clone().filter(move |(_, weight)| *weight > round);
                let rounds = (0..rounds).flat_map(there);
                rounds.map(|(flow, _)| flow).collect()
            }
        };
        Order {
            schedule,
            wheel,
            weights: weights.to_vec(),
        }
    }

    /// The flow of a user in a cycle.
    pub(crate) fn next(&self, user: u64, cycle: u64, random: &mut fastrand::Rng) -> usize {
        let turn = |number: u64, of: u64| number % of.max(1);
        let whole = self.weights.iter().map(|it| u64::from(*it)).sum();
        match self.schedule {
            Schedule::ByUser => self.at(turn(user, whole)),
            Schedule::Random => self.at(random.u64(0..whole.max(1))),
            Schedule::RoundRobin | Schedule::Serial => {
                let place = turn(cycle, self.wheel.len() as u64);
                let place = usize::try_from(place).unwrap_or_default();
                self.wheel.get(place).copied().unwrap_or_default()
            }
        }
    }

    /// The flows that a user ever takes.
    pub(crate) fn of_user(&self, user: u64) -> Vec<usize> {
        if self.schedule == Schedule::ByUser {
            return vec![self.next(user, 0, &mut fastrand::Rng::with_seed(0))];
        }
        let flows = self.weights.iter().enumerate();
        flows
            .filter(|(_, weight)| **weight > 0)
            .map(|(flow, _)| flow)
            .collect()
    }

    /// The flow that owns this place, where each has as many as its weight says.
    fn at(&self, mut place: u64) -> usize {
        for (flow, weight) in self.weights.iter().enumerate() {
            match place.checked_sub(u64::from(*weight)) {
                Some(left) => place = left,
                None => return flow,
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orders(schedule: Schedule, seed: u64) -> Vec<usize> {
        let order = Order::of(schedule, &[2, 0, 1]);
        let mut random = fastrand::Rng::with_seed(seed);
        (0..300).map(|it| order.next(0, it, &mut random)).collect()
    }

    #[test]
    fn each_schedule_has_its_order() {
        assert_eq!(orders(Schedule::Serial, 0)[..6], [0, 0, 2, 0, 0, 2]);
        assert_eq!(orders(Schedule::RoundRobin, 0)[..6], [0, 2, 0, 0, 2, 0]);
        assert_eq!(orders(Schedule::ByUser, 0)[..6], [0; 6]);
        let order = Order::of(Schedule::ByUser, &[2, 0, 1]);
        let mut random = fastrand::Rng::with_seed(0);
        let users: Vec<_> = (0..6).map(|it| order.next(it, 0, &mut random)).collect();
        assert_eq!(users, [0, 0, 2, 0, 0, 2]);
    }

    #[test]
    fn chance_shuffles_by_weight_and_the_same_for_a_seed() {
        let chosen = orders(Schedule::Random, 5);
        assert_eq!(chosen, orders(Schedule::Random, 5));
        assert_ne!(chosen, orders(Schedule::Random, 6));
        let first = chosen.iter().filter(|it| **it == 0).count();
        assert!((160..240).contains(&first), "{first} of 300");
        assert!(!chosen.contains(&1), "a flow without weight");
        // neither one flow after the other nor turn by turn
        let turns = chosen.windows(2).filter(|it| it[0] != it[1]).count();
        assert!((80..180).contains(&turns), "{turns}");
    }
}
