//! Items in groups: those of one group behind each other, all in one array.

/// Items in groups, which are numbered from 0.
#[derive(Debug)]
pub struct Grouped<T> {
    /// Where each group begins; one more at the end.
    pub starts: Vec<u32>,
    /// The items, group by group.
    pub items: Vec<T>,
}

impl<T: Copy + Default> Grouped<T> {
    /// `pairs` gives every item with its group, the same at each call; items of one group stay in
    /// their order. A counting sort.
    ///
    /// ```
    /// use amorphous_packing::numerics::Grouped;
    /// let letters = Grouped::new(2, || [(1, 'a'), (0, 'b'), (1, 'c')].into_iter());
    /// assert_eq!(letters.of(1), ['a', 'c']);
    /// ```
    pub fn new<Pairs>(groups: usize, pairs: impl Fn() -> Pairs) -> Grouped<T>
    where
        Pairs: DoubleEndedIterator<Item = (u32, T)>,
    {
        let mut starts = vec![0; groups + 1];
        for (group, _) in pairs() {
            starts[group as usize] += 1;
        }
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        // These are the ends; from there each group is filled backwards.
        let mut items = vec![T::default(); starts[groups] as usize];
        for (group, item) in pairs().rev() {
            let place = &mut starts[group as usize];
            *place -= 1;
            items[*place as usize] = item;
        }
        Grouped { starts, items }
    }

    /// The items of a group.
    pub fn of(&self, group: u32) -> &[T] {
        let [start, end] = [0, 1].map(|k| self.starts[group as usize + k] as usize);
        &self.items[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_order_within_their_group() {
        let pairs = [(2, 'a'), (0, 'b'), (2, 'c'), (3, 'd'), (0, 'e')];
        let grouped = Grouped::new(5, || pairs.into_iter());
        let groups: Vec<&[char]> = (0..5).map(|group| grouped.of(group)).collect();
        assert_eq!(groups, [&['b', 'e'][..], &[], &['a', 'c'], &['d'], &[]]);
        assert!(Grouped::<char>::new(0, || [].into_iter()).items.is_empty());
    }
}
