//! Numbers that name things, and marks upon the things: an atom cannot be taken for a tetrahedron,
//! nor a mask over atoms for one over tetrahedra.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use rayon::prelude::*;

/// The number of a thing among others of its kind, counted from 0.
pub trait Numbered: Copy + Ord + Send + Sync + 'static {
    /// The thing with this number.
    fn new(number: u32) -> Self;

    /// Its number.
    fn number(self) -> u32;

    /// Its place in an array of all such things.
    #[inline]
    fn index(self) -> usize {
        self.number() as usize
    }

    /// The thing at a place of an array of all of them. There are fewer than 2³² of any kind.
    #[inline]
    fn at(index: usize) -> Self {
        Self::new(index as u32)
    }

    /// The first `count` things.
    fn first(count: usize) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone {
        (0..count as u32).map(Self::new as fn(u32) -> Self)
    }

    /// The first `count` things, for several threads.
    fn par_first(count: usize) -> impl IndexedParallelIterator<Item = Self> {
        (0..count as u32).into_par_iter().map(Self::new)
    }
}

/// Declares a number of its own kind: a struct of one `u32` that is [`Numbered`].
macro_rules! numbered {
    ($($(#[$meta:meta])* $visibility:vis struct $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        $visibility struct $name(u32);

        impl $crate::numerics::Numbered for $name {
            #[inline]
            fn new(number: u32) -> $name {
                $name(number)
            }

            #[inline]
            fn number(self) -> u32 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    )*};
}
pub(crate) use numbered;

/// Marks on all things of one kind: which atoms are crystal, which tetrahedra are accepted.
///
/// ```
/// use amorphous_packing::atoms::AtomId;
/// use amorphous_packing::numerics::{Mask, Numbered};
/// let crystal: Mask<AtomId> = Mask::of(9, |atom: AtomId| atom.number() > 6);
/// assert_eq!((crystal[AtomId::new(8)], crystal.count()), (true, 2));
/// ```
///
/// It cannot be asked about things of another kind:
///
/// ```compile_fail,E0277
/// use amorphous_packing::atoms::AtomId;
/// use amorphous_packing::geometry::TetrahedronId;
/// use amorphous_packing::numerics::{Mask, Numbered};
/// let crystal: Mask<AtomId> = Mask::all(9, false);
/// let wrong = crystal[TetrahedronId::new(8)];
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Mask<T> {
    marks: Vec<bool>,
    of: PhantomData<fn(T) -> T>,
}

impl<T: Numbered> Mask<T> {
    /// All of `count` things marked, or none.
    pub fn all(count: usize, marked: bool) -> Mask<T> {
        vec![marked; count].into()
    }

    /// What `is_marked` says of each of `count` things.
    pub fn of(count: usize, is_marked: impl Fn(T) -> bool + Send + Sync) -> Mask<T> {
        let marks: Vec<bool> = T::par_first(count).map(is_marked).collect();
        marks.into()
    }

    /// The number of things, marked or not.
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether there is no thing.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// The number of marked things.
    pub fn count(&self) -> usize {
        self.marks.iter().filter(|marked| **marked).count()
    }

    /// The marked things, by number.
    pub fn marked(&self) -> impl DoubleEndedIterator<Item = T> + '_ {
        T::first(self.len()).filter(|&thing| self[thing])
    }

    /// The marks, by number.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = bool> + '_ {
        self.marks.iter().copied()
    }

    /// The others marked instead.
    pub fn inverted(&self) -> Mask<T> {
        self.iter().map(|marked| !marked).collect()
    }
}

impl<T> From<Vec<bool>> for Mask<T> {
    fn from(marks: Vec<bool>) -> Mask<T> {
        Mask {
            marks,
            of: PhantomData,
        }
    }
}

impl<T> FromIterator<bool> for Mask<T> {
    fn from_iter<I: IntoIterator<Item = bool>>(marks: I) -> Mask<T> {
        Vec::from_iter(marks).into()
    }
}

impl<T: Numbered> Index<T> for Mask<T> {
    type Output = bool;

    #[inline]
    fn index(&self, thing: T) -> &bool {
        &self.marks[thing.index()]
    }
}

impl<T: Numbered> IndexMut<T> for Mask<T> {
    #[inline]
    fn index_mut(&mut self, thing: T) -> &mut bool {
        &mut self.marks[thing.index()]
    }
}

impl<T> fmt::Debug for Mask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marked = self.marks.iter().filter(|marked| **marked).count();
        write!(f, "{marked} of {} marked", self.marks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    numbered! {
        /// A thing.
        struct Thing;
    }

    #[test]
    fn a_mask_knows_what_it_marks() {
        let mut mask: Mask<Thing> = Mask::of(5, |thing: Thing| thing.number() % 2 == 1);
        assert_eq!((mask.len(), mask.count()), (5, 2));
        mask[Thing::new(4)] = true;
        assert!(mask.marked().eq([1, 3, 4].map(Thing::new)));
        assert!(mask.inverted().marked().eq([0, 2].map(Thing::new)));
        assert_eq!(Mask::<Thing>::all(2, true).inverted(), Mask::all(2, false));
    }
}
