//! The arrays of a call, by the labels along which they move.

use core::mem::replace;

use crate::engine::LoopAxis;
use crate::strided::Erased;

/// Pointers to the first elements of some arrays, and how far each label moves in each, in elements.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrays {
    pub(super) starts: Vec<*mut ()>,
    axes: Vec<(usize, isize)>,
    /// Where the axes of each array end.
    ends: Vec<usize>,
    /// Whether an array stands still along a label that has several values.
    has_stretched: bool,
}

/// An array of a call, with the label of each axis.
pub(crate) type Labelled<'a> = (Erased<'a>, &'a [usize]);

impl Arrays {
    /// The factors, and behind them the output, whose axes are sorted from the longest stride to the shortest.
    ///
    /// Along a label that an array stands still along, it is the same factor again and again: the label is left to the
    /// arrays that move, or to one if none does. A label that the output stands still along is summed.
    pub(super) fn new(factors: &[Labelled<'_>], out: &Labelled<'_>, extents: &[usize]) -> Self {
        let mut arrays = Self::default();
        let mut is_held = vec![false; extents.len()];
        for (array, labels) in factors {
            let axes = labels.iter().zip(array.extents.iter().zip(array.strides));
            let moving = axes.filter(|&(_, (&extent, &stride))| extent != 1 && stride != 0);
            moving.for_each(|(&label, _)| is_held[label] = true);
        }
        for factor in factors {
            arrays.push(factor, |label, stride| {
                stride != 0 || extents[label] == 0 || !replace(&mut is_held[label], true)
            });
        }
        let stretched = |(array, labels): &Labelled<'_>| {
            let mut axes = labels.iter().zip(array.extents.iter().zip(array.strides));
            axes.any(|(&label, (&extent, &stride))| extents[label] > 1 && (extent == 1 || stride == 0))
        };
        arrays.has_stretched = factors.iter().any(stretched);
        let begin = arrays.axes.len();
        arrays.push(out, |_, stride| stride != 0);
        arrays.axes[begin..].sort_by_key(|&(_, stride)| core::cmp::Reverse(stride.unsigned_abs()));
        arrays
    }

    /// Adds an array with its labels, each once: one that several axes share walks the diagonal, and one with a single
    /// position is left out.
    fn push(&mut self, (array, labels): &Labelled<'_>, mut is_kept: impl FnMut(usize, isize) -> bool) {
        let begin = self.axes.len();
        for (&label, (&extent, &stride)) in labels.iter().zip(array.extents.iter().zip(array.strides)) {
            match self.axes[begin..].iter_mut().find(|(own, _)| *own == label) {
                _ if extent == 1 => {}
                // Wrapping: an array without elements may have any strides.
                Some((_, sum)) => *sum = sum.wrapping_add(stride),
                None if is_kept(label, stride) => self.axes.push((label, stride)),
                None => {}
            }
        }
        self.starts.push(array.start);
        self.ends.push(self.axes.len());
    }

    /// Whether an array stands still along a label that has several values.
    pub(super) fn has_stretched(&self) -> bool {
        self.has_stretched
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn axes(&self, array: usize) -> &[(usize, isize)] {
        let begin = array.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.axes[begin..self.ends[array]]
    }

    pub(super) fn labels(&self, array: usize) -> impl Iterator<Item = usize> {
        self.axes(array).iter().map(|&(label, _)| label)
    }

    /// What a plan for these arrays depends on: the extents, which array has which labels and how it lies, and more numbers.
    pub(super) fn signature(&self, extents: &[usize], more: [usize; 3]) -> Vec<usize> {
        let mut signature = Vec::with_capacity(5 + extents.len() + 2 * self.axes.len() + self.ends.len());
        signature.extend(more);
        // So that no other list of extents and arrays reads the same: there are as many arrays in each step of a call.
        signature.push(extents.len());
        signature.extend_from_slice(extents);
        signature.extend_from_slice(&self.ends);
        signature.push(usize::from(self.has_stretched));
        signature.extend(self.axes.iter().flat_map(|&(label, stride)| [label, stride as usize]));
        signature
    }
}

/// The extent of each label.
///
/// # Panics
///
/// Where the axes of a label have different extents.
pub(super) fn extents<'a>(arrays: impl Iterator<Item = &'a Labelled<'a>> + Clone) -> Vec<usize> {
    let count = arrays.clone().flat_map(|(_, labels)| *labels).max().map_or(0, |&label| label + 1);
    let mut extents = vec![1; count];
    for (array, labels) in arrays {
        for (&label, &extent) in labels.iter().zip(array.extents) {
            assert!(
                extents[label] == 1 || [1, extents[label]].contains(&extent),
                "the axes of a label have its extent"
            );
            if extent != 1 {
                extents[label] = extent;
            }
        }
    }
    extents
}

/// The axes of a step, filled again for each.
#[derive(Debug, Default)]
pub(super) struct StepAxes {
    pub(super) axes: Vec<LoopAxis>,
    labels: Vec<usize>,
}

impl StepAxes {
    /// Fills in the axes that the output and the factors of a step have together, as few as can be.
    pub(super) fn fill<'a>(
        &mut self,
        arrays: impl IntoIterator<Item = &'a [(usize, isize)]>,
        extents: &[usize],
    ) {
        self.axes.clear();
        self.labels.clear();
        for (array, own) in arrays.into_iter().enumerate() {
            for &(label, stride) in own {
                let place = self.labels.iter().position(|&known| known == label).unwrap_or_else(|| {
                    self.labels.push(label);
                    self.axes.push(LoopAxis { extent: extents[label], ..LoopAxis::ABSENT });
                    self.axes.len() - 1
                });
                self.axes[place].strides[array] = Some(stride);
            }
        }
        fuse(&mut self.axes);
    }
}

/// Makes axes one that are one in each array, and drops those of one position.
fn fuse(axes: &mut Vec<LoopAxis>) {
    axes.retain(|axis| axis.extent != 1);
    let mut outer = 0;
    while outer < axes.len() {
        let inner = (0..axes.len()).find(|&inner| inner != outer && continues(&axes[outer], &axes[inner]));
        match inner {
            Some(inner) => {
                axes[inner].extent *= axes[outer].extent;
                axes.swap_remove(outer);
                outer = 0;
            }
            None => outer += 1,
        }
    }
}

/// Whether one axis goes on in each array where another one ends.
fn continues(outer: &LoopAxis, inner: &LoopAxis) -> bool {
    inner.extent > 0
        && inner.extent.checked_mul(outer.extent).is_some()
        && outer.strides.iter().zip(inner.strides).all(|pair| match pair {
            (Some(outer), Some(inner_stride)) => *outer == inner_stride.wrapping_mul(inner.extent as isize),
            (None, None) => true,
            _ => false,
        })
}
