//! The two examples of the documentation of Hypothesis: trees that are not balanced at all, and
//! trees that are balanced wrongly.

use std::rc::Rc;

use harness_explore::strategy::integers;
use harness_explore::{Call, Explorer, Machine, Produced, Rule, RuleError, bundle, ensure};

use crate::with_fifty_seeds;

#[derive(Debug)]
pub(crate) enum Tree {
    Leaf(i64),
    Split(Rc<Tree>, Rc<Tree>),
}

fn leaf() -> Rule<(), Rc<Tree>> {
    Rule::new("leaf")
        .argument("x", integers(i64::MIN..=i64::MAX))
        .into_bundle("BinaryTree")
        .run(async |(), call| Ok(Produced::one(Rc::new(Tree::Leaf(call.argument("x")?)))))
}

fn split() -> Rule<(), Rc<Tree>> {
    Rule::new("split")
        .argument("left", bundle("BinaryTree"))
        .argument("right", bundle("BinaryTree"))
        .into_bundle("BinaryTree")
        .run(async |(), call| {
            let (left, right) = (call.variable("left")?, call.variable("right")?);
            let split = Tree::Split(Rc::clone(left), Rc::clone(right));
            Ok(Produced::one(Rc::new(split)))
        })
}

fn check_balanced(of: &str, size: fn(&Tree) -> u64) -> Rule<(), Rc<Tree>> {
    Rule::new("check_balanced")
        .argument("tree", bundle(of))
        .run(async move |(), call: Call<Rc<Tree>>| {
            balanced(call.variable("tree")?, size)?;
            Ok(Produced::nothing())
        })
}

fn balanced(tree: &Tree, size: fn(&Tree) -> u64) -> Result<(), RuleError> {
    if let Tree::Split(left, right) = tree {
        ensure(size(left).abs_diff(size(right)) <= 1, "not balanced")?;
        balanced(left, size)?;
        balanced(right, size)?;
    }
    Ok(())
}

/// The size of the first example: splits count as well. It saturates, since trees that share
/// their halves are larger than any number.
fn nodes(tree: &Tree) -> u64 {
    match tree {
        Tree::Leaf(_) => 1,
        Tree::Split(left, right) => nodes(left).saturating_add(nodes(right)).saturating_add(1),
    }
}

fn leaves(tree: &Tree) -> u64 {
    match tree {
        Tree::Leaf(_) => 1,
        Tree::Split(left, right) => leaves(left).saturating_add(leaves(right)),
    }
}

fn flatten(tree: &Tree, labels: &mut Vec<i64>) {
    match tree {
        Tree::Leaf(label) => labels.push(*label),
        Tree::Split(left, right) => {
            flatten(left, labels);
            flatten(right, labels);
        }
    }
}

/// Balances by cutting at a third instead of the half.
fn split_leaves(labels: &[i64]) -> Rc<Tree> {
    if let [label] = labels {
        return Rc::new(Tree::Leaf(*label));
    }
    let middle = (labels.len() / 3).max(1);
    let (left, right) = (
        split_leaves(&labels[..middle]),
        split_leaves(&labels[middle..]),
    );
    Rc::new(Tree::Split(left, right))
}

pub(crate) fn unbalanced_trees() -> Machine<(), Rc<Tree>> {
    Machine::new("BalancedTrees", async || Ok(()))
        .rule(leaf())
        .rule(split())
        .rule(check_balanced("BinaryTree", nodes))
}

fn wrongly_balanced_trees() -> Machine<(), Rc<Tree>> {
    let balance_tree = Rule::new("balance_tree")
        .argument(
            "tree",
            bundle("BinaryTree").filtered(|tree: &Rc<Tree>| leaves(tree) < 10_000),
        )
        .into_bundle("balanced BinaryTree")
        .run(async |(), call: Call<Rc<Tree>>| {
            let mut labels = Vec::new();
            flatten(call.variable("tree")?, &mut labels);
            Ok(Produced::one(split_leaves(&labels)))
        });
    Machine::new("BalancedTrees", async || Ok(()))
        .rule(leaf())
        .rule(split())
        .rule(check_balanced("balanced BinaryTree", leaves))
        .rule(balance_tree)
}

#[test]
fn unbalanced_trees_shrink_to_four_steps() {
    with_fifty_seeds(
        || Explorer::new(unbalanced_trees()).with_steps(20),
        |seed, finding| {
            let expected = "\
state = BalancedTrees()
BinaryTree_0 = state.leaf(x=0)
BinaryTree_1 = state.split(left=BinaryTree_0, right=BinaryTree_0)
BinaryTree_2 = state.split(left=BinaryTree_1, right=BinaryTree_0)
state.check_balanced(tree=BinaryTree_2)
state.teardown()
";
            let mirrored = expected.replace(
                "left=BinaryTree_1, right=BinaryTree_0",
                "left=BinaryTree_0, right=BinaryTree_1",
            );
            let script = finding.script();
            assert!(
                script == expected || script == mirrored,
                "seed {seed}: {finding}"
            );
        },
    );
}

#[test]
fn wrongly_balanced_trees_shrink_to_five_steps() {
    with_fifty_seeds(
        || Explorer::new(wrongly_balanced_trees()).with_steps(20),
        |seed, finding| {
            let expected = "\
state = BalancedTrees()
BinaryTree_0 = state.leaf(x=0)
BinaryTree_1 = state.split(left=BinaryTree_0, right=BinaryTree_0)
BinaryTree_2 = state.split(left=BinaryTree_1, right=BinaryTree_1)
balanced_BinaryTree_0 = state.balance_tree(tree=BinaryTree_2)
state.check_balanced(tree=balanced_BinaryTree_0)
state.teardown()
";
            assert_eq!(finding.script(), expected, "seed {seed}");
        },
    );
}
