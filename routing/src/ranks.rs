//! An ordered line that knows everybody's place: insertion, removal and place in logarithmic time.
//!
//! A treap (Seidel and Aragon 1996) with sizes: a search tree by key that is a heap by a number mixed from the key, so that its
//! depth is logarithmic whatever the order of arrivals, and the same on every run. Nodes lie in one vector and are reused.

/// A line.
#[derive(Clone, Debug)]
pub(crate) struct Ranks<K> {
    nodes: Vec<Node<K>>,
    free: Vec<u32>,
    root: u32,
}

#[derive(Clone, Debug)]
struct Node<K> {
    key: K,
    heap: u64,
    left: u32,
    right: u32,
    size: u32,
}

/// No node.
const NIL: u32 = u32::MAX;

impl<K: Ord + Copy> Ranks<K> {
    pub const fn new() -> Self {
        Self { nodes: Vec::new(), free: Vec::new(), root: NIL }
    }

    pub fn len(&self) -> usize {
        self.size(self.root) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.root == NIL
    }

    /// How many are before `key`, whether it is there or not.
    pub fn before(&self, key: &K) -> u32 {
        let (mut at, mut count) = (self.root, 0);
        while let Some(node) = self.nodes.get(at as usize) {
            if node.key < *key {
                count += self.size(node.left) + 1;
                at = node.right;
            } else {
                at = node.left;
            }
        }
        count
    }

    /// Puts `key` in line; `mix` is any well-spread number that belongs to it.
    pub fn insert(&mut self, key: K, mix: u64) {
        let node = Node { key, heap: mix, left: NIL, right: NIL, size: 1 };
        let new = match self.free.pop() {
            Some(at) => {
                self.nodes[at as usize] = node;
                at
            }
            None => {
                self.nodes.push(node);
                (self.nodes.len() - 1) as u32
            }
        };
        // Downwards to where the new one's number is the largest, counting it in on the way.
        let mut link = Link::Root;
        let mut at = self.root;
        while at != NIL && self.node(at).heap >= mix {
            self.nodes[at as usize].size += 1;
            let goes_left = key < self.node(at).key;
            link = if goes_left { Link::Left(at) } else { Link::Right(at) };
            at = if goes_left { self.node(at).left } else { self.node(at).right };
        }
        let (left, right) = self.split(at, &key);
        (self.nodes[new as usize].left, self.nodes[new as usize].right) = (left, right);
        self.resize(new);
        self.set(link, new);
    }

    /// Takes `key` out; whether it was there.
    pub fn remove(&mut self, key: &K) -> bool {
        let (mut link, mut at) = (Link::Root, self.root);
        let mut path = Vec::with_capacity(64);
        while at != NIL && self.node(at).key != *key {
            path.push(at);
            let goes_left = *key < self.node(at).key;
            link = if goes_left { Link::Left(at) } else { Link::Right(at) };
            at = if goes_left { self.node(at).left } else { self.node(at).right };
        }
        if at == NIL {
            return false;
        }
        path.iter().for_each(|at| self.nodes[*at as usize].size -= 1);
        let (left, right) = (self.node(at).left, self.node(at).right);
        let joined = self.join(left, right);
        self.set(link, joined);
        self.free.push(at);
        true
    }

    /// The first `most`, in order.
    pub fn first(&self, most: usize) -> Vec<K> {
        let mut found = Vec::with_capacity(most.min(self.len()));
        let (mut stack, mut at) = (Vec::with_capacity(64), self.root);
        while found.len() < most {
            while at != NIL {
                stack.push(at);
                at = self.node(at).left;
            }
            let Some(next) = stack.pop() else { break };
            found.push(self.node(next).key);
            at = self.node(next).right;
        }
        found
    }

    fn node(&self, at: u32) -> &Node<K> {
        // Indices come from this vector only and nodes are never taken out of it.
        &self.nodes[at as usize]
    }

    fn size(&self, at: u32) -> u32 {
        self.nodes.get(at as usize).map_or(0, |node| node.size)
    }

    fn resize(&mut self, at: u32) {
        let size = 1 + self.size(self.node(at).left) + self.size(self.node(at).right);
        self.nodes[at as usize].size = size;
    }

    fn set(&mut self, link: Link, to: u32) {
        match link {
            Link::Root => self.root = to,
            Link::Left(at) => self.nodes[at as usize].left = to,
            Link::Right(at) => self.nodes[at as usize].right = to,
        }
    }

    /// What is before `key` and what is after, in the tree at `at`.
    fn split(&mut self, at: u32, key: &K) -> (u32, u32) {
        if at == NIL {
            return (NIL, NIL);
        }
        if self.node(at).key < *key {
            let (left, right) = self.split(self.node(at).right, key);
            self.nodes[at as usize].right = left;
            self.resize(at);
            (at, right)
        } else {
            let (left, right) = self.split(self.node(at).left, key);
            self.nodes[at as usize].left = right;
            self.resize(at);
            (left, at)
        }
    }

    /// One tree of two, all of the first before all of the second.
    fn join(&mut self, left: u32, right: u32) -> u32 {
        if left == NIL || right == NIL {
            return left.min(right);
        }
        if self.node(left).heap >= self.node(right).heap {
            let joined = self.join(self.node(left).right, right);
            self.nodes[left as usize].right = joined;
            self.resize(left);
            left
        } else {
            let joined = self.join(left, self.node(right).left);
            self.nodes[right as usize].left = joined;
            self.resize(right);
            right
        }
    }
}

#[derive(Clone, Copy)]
enum Link {
    Root,
    Left(u32),
    Right(u32),
}

/// A well-spread number of a number (splitmix64).
pub(crate) const fn mix(n: u64) -> u64 {
    let z = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn places_are_those_of_a_sorted_list() {
        let mut rng = kernel::Rng::seeded(5);
        let (mut line, mut plain) = (Ranks::new(), BTreeSet::new());
        for step in 0..4_000 {
            let key = rng.below(700);
            if plain.contains(&key) {
                assert!(line.remove(&key));
                plain.remove(&key);
            } else {
                assert!(!line.remove(&key));
                line.insert(key, mix(key));
                plain.insert(key);
            }
            let probe = rng.below(700);
            assert_eq!(line.before(&probe), plain.range(..probe).count() as u32, "step {step}");
            assert_eq!(line.len(), plain.len());
        }
        assert_eq!(line.first(50), plain.iter().copied().take(50).collect::<Vec<_>>());
    }

    #[test]
    fn a_line_in_order_of_arrival_is_not_deep() {
        let mut line = Ranks::new();
        (0..100_000_u64).for_each(|n| line.insert(n, mix(n)));
        let mut depth = 0;
        let mut at = line.root;
        while at != NIL {
            depth += 1;
            at = line.node(at).right;
        }
        assert!(depth < 64, "{depth} deep");
    }
}
