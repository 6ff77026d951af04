//! Windows with padding against loops that leave out what is beyond the image: each way to compute the boxes, whatever
//! the estimates say.

use num_complex::Complex;

use super::super::tests::{Number, Random};
use super::*;
use crate::arithmetic::ArithmeticOf;
use crate::element::{Accumulate, Assign, Store, Subtract};
use crate::strided::Erased;

/// A window along one axis of an image.
#[derive(Debug, Clone, Copy)]
struct Slide {
    image: usize,
    taps: usize,
    stride: usize,
    dilation: usize,
    padding: usize,
}

impl Slide {
    fn random(random: &mut Random, most: usize) -> Self {
        let [taps, dilation] = [1 + random.below(4), 1 + random.below(2)];
        let image = 1 + random.below(most);
        // Never so narrow that there is no position.
        let padding = (dilation * (taps - 1)).max(random.below(3));
        Self { image, taps, stride: 1 + random.below(2), dilation, padding }
    }

    fn positions(&self) -> usize {
        (self.image + 2 * self.padding - self.dilation * (self.taps - 1) - 1) / self.stride + 1
    }

    fn is_inside(&self, position: usize, tap: usize) -> bool {
        let place = self.stride * position + self.dilation * tap;
        (self.padding..self.padding + self.image).contains(&place)
    }

    /// Ranges of positions and taps that have the image inside: each range of the positions with the same taps, or the
    /// other way round.
    fn cuts(&self, by_position: bool) -> Vec<[[usize; 2]; 2]> {
        let extents = [self.positions(), self.taps];
        let [cut, other] = if by_position { extents } else { [extents[1], extents[0]] };
        let inside = |index: usize, partner: usize| {
            if by_position { self.is_inside(index, partner) } else { self.is_inside(partner, index) }
        };
        let mut cuts: Vec<[[usize; 2]; 2]> = Vec::new();
        for index in 0..cut {
            let begin = (0..other).find(|&partner| inside(index, partner)).unwrap_or(0);
            let range = [begin, (begin..other).filter(|&partner| inside(index, partner)).count()];
            match cuts.last_mut() {
                Some([[_, len], last]) if *last == range => *len += 1,
                _ => cuts.push([[index, 1], range]),
            }
        }
        cuts.iter().map(|&[a, b]| if by_position { [a, b] } else { [b, a] }).collect()
    }
}

/// Which array is computed from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Result {
    Output,
    Kernel,
}

const IMAGE: usize = 0;
const KERNEL: usize = 1;
const RESULT: usize = 2;

/// A convolution, or the gradient of its kernel. The labels are n, c, o, and the position and the tap of each slide.
#[derive(Debug, Clone)]
struct Case {
    slides: Vec<Slide>,
    /// The extents of n, c and o.
    extents: [usize; 3],
    result: Result,
    /// The order of the axes in memory.
    orders: [Vec<usize>; 3],
    by_position: bool,
}

/// The extent of an axis, the labels that move along it, and by how much, and the padding.
type ArrayAxis = (usize, Vec<(usize, usize)>, usize);

/// An array in memory: where the position with all labels 0 is, and the stride of each label that it has.
struct Array<T> {
    elements: Vec<T>,
    start: isize,
    strides: Vec<Option<isize>>,
}

impl<T: Number> Array<T> {
    fn start(&mut self) -> *mut T {
        self.elements.as_mut_ptr().wrapping_offset(self.start)
    }

    fn place(&self, index: &[usize]) -> usize {
        let offset = self.strides.iter().zip(index).map(|(stride, &n)| stride.unwrap_or(0) * n as isize);
        (self.start + offset.sum::<isize>()) as usize
    }
}

impl Case {
    fn random(random: &mut Random, dimensions: usize, most: usize) -> Self {
        let slides: Vec<_> = (0..dimensions).map(|_| Slide::random(random, most)).collect();
        let extents = [1 + random.below(3), 1 + random.below(9), 1 + random.below(40)];
        let result = if random.below(2) == 0 { Result::Output } else { Result::Kernel };
        let axes = 2 + dimensions;
        let orders = [0; 3].map(|_| random.shuffled((0..axes).collect()));
        Self { slides, extents, result, orders, by_position: random.below(2) == 0 }
    }

    /// The extent of each label.
    fn label_extents(&self) -> Vec<usize> {
        let slides = self.slides.iter().flat_map(|slide| [slide.positions(), slide.taps]);
        self.extents.into_iter().chain(slides).collect()
    }

    fn axes(&self, array: usize) -> Vec<ArrayAxis> {
        let free = [[0, 1], [1, 2], [0, 2]][array];
        let mut axes: Vec<_> = free.iter().map(|&label| (self.extents[label], vec![(label, 1)], 0)).collect();
        for (n, slide) in self.slides.iter().enumerate() {
            let [position, tap] = [3 + 2 * n, 4 + 2 * n];
            axes.push(match array {
                IMAGE => (slide.image, vec![(position, slide.stride), (tap, slide.dilation)], slide.padding),
                KERNEL => (slide.taps, vec![(tap, 1)], 0),
                _ => (slide.positions(), vec![(position, 1)], 0),
            });
        }
        axes
    }

    fn array<T: Number>(&self, array: usize, random: &mut Random) -> Array<T> {
        let axes = self.axes(array);
        let mut strides = vec![None; self.label_extents().len()];
        let (mut len, mut start) = (1, 0);
        for &axis in &self.orders[array] {
            let (extent, labels, padding) = &axes[axis];
            labels.iter().for_each(|&(label, factor)| strides[label] = Some(len * factor as isize));
            start -= len * *padding as isize;
            len *= *extent as isize;
        }
        let elements = (0..len).map(|_| T::whole(random.below(5) as i8 - 2)).collect();
        Array { elements, start, strides }
    }

    /// The boxes, as the entry takes them.
    fn boxes(&self) -> Vec<[usize; 2]> {
        let mut boxes = vec![self.extents.map(|extent| [0, extent]).to_vec()];
        for cuts in self.slides.iter().map(|slide| slide.cuts(self.by_position)) {
            let extended = |ranges: &Vec<[usize; 2]>| {
                let ranges = ranges.clone();
                cuts.clone().into_iter().map(move |cut| [&ranges[..], &cut[..]].concat())
            };
            boxes = boxes.iter().flat_map(extended).collect();
        }
        boxes.concat()
    }

    /// Whether the boxes write each element of the output once.
    fn can_assign(&self) -> bool {
        self.by_position == (self.result == Result::Output)
    }

    /// The arrays, of which the output comes first.
    fn arrays<T: Number>(&self, seed: u64) -> [Array<T>; 3] {
        let mut random = Random(seed);
        let order = match self.result {
            Result::Output => [RESULT, IMAGE, KERNEL],
            Result::Kernel => [KERNEL, RESULT, IMAGE],
        };
        order.map(|array| self.array(array, &mut random))
    }

    /// The sum of each element of the output, which comes first.
    fn by_loops<T: Number>(&self, [out, left, right]: &[Array<T>; 3]) -> Vec<T> {
        let extents = self.label_extents();
        let mut sums = vec![T::zero(); out.elements.len()];
        let mut index = vec![0; extents.len()];
        loop {
            let mut slides = self.slides.iter().zip(index[3..].chunks(2));
            if slides.all(|(slide, index)| slide.is_inside(index[0], index[1])) {
                let product = left.elements[left.place(&index)] * right.elements[right.place(&index)];
                let sum = &mut sums[out.place(&index)];
                *sum = *sum + product;
            }
            let Some(label) = (0..extents.len()).find(|&label| index[label] + 1 < extents[label]) else {
                return sums;
            };
            index[..label].fill(0);
            index[label] += 1;
        }
    }

    /// Calls `use_it` with the arrays as the entry takes them.
    fn with_labelled<T: Number, R>(
        &self,
        arrays: &mut [Array<T>; 3],
        use_it: impl FnOnce(&[Labelled<'_>; 3]) -> R,
    ) -> R {
        let all = self.label_extents();
        let described = arrays.each_mut().map(|array| {
            let labels: Vec<usize> = (0..all.len()).filter(|&label| array.strides[label].is_some()).collect();
            let extents: Vec<usize> = labels.iter().map(|&label| all[label]).collect();
            let strides: Vec<isize> = labels.iter().filter_map(|&label| array.strides[label]).collect();
            (array.start(), labels, extents, strides)
        });
        let labelled = described.each_ref().map(|(start, labels, extents, strides)| {
            (Erased { start: start.cast(), extents, strides }, &labels[..])
        });
        use_it(&labelled)
    }

    /// Computes the boxes in each way there is, in a mode; counts those by classes.
    fn check<T: Number, S: Store<T>>(&self, sums: &[T], arch: Arch) -> usize {
        let [mut expected, ..] = self.arrays::<T>(7);
        expected.elements.iter_mut().zip(sums).for_each(|(place, &sum)| S::store(place, sum));
        let ranges = self.boxes();
        let mut by_classes = 0;
        for way in 0..3 {
            let mut arrays = self.arrays::<T>(7);
            let done = self.with_labelled(&mut arrays, |labelled| {
                let boxes = Boxes::new(labelled, &ranges, S::MODE)?;
                let plan = match (way, ElementType::of::<T>()) {
                    (0, _) => Some(Plan::Each),
                    (_, None) => None,
                    (_, element) => {
                        let numbers = Numbers::of_elements(element);
                        boxes
                            .classes(way == 2, numbers, arch)
                            .map(|(classes, _)| Plan::Classes(Box::new(classes)))
                    }
                };
                let starts = labelled.each_ref().map(|(array, _)| array.start);
                // SAFETY: the boxes have what is inside of the image, and the arrays are borrowed for writing.
                plan.inspect(|plan| unsafe {
                    boxes.run(plan, starts, ArithmeticOf::<T>::of::<S>().erased(), arch)
                })
            });
            let done = done.is_some();
            by_classes += usize::from(done && way > 0);
            let element = core::any::type_name::<T>();
            assert!(
                !done || arrays[0].elements == expected.elements,
                "{element}, {:?}, {arch:?}, way {way}: {self:?}",
                S::MODE
            );
        }
        by_classes
    }

    /// Computes the boxes by the entry, and says whether it took them.
    fn check_entry<T: Number>(&self) -> bool {
        let mut arrays = self.arrays::<T>(7);
        let sums = self.by_loops(&arrays);
        let expected: Vec<T> =
            arrays[0].elements.iter().zip(sums).map(|(&before, sum)| before + sum).collect();
        let ranges = self.boxes();
        let taken = self.with_labelled(&mut arrays, |labelled| {
            // SAFETY: as above.
            unsafe { contract_boxes(labelled, &ranges, ArithmeticOf::<T>::of::<Accumulate>().erased()) }
        });
        assert!(!taken || arrays[0].elements == expected, "{self:?}");
        taken
    }

    fn check_modes<T: Number>(&self, archs: &[Arch]) -> usize {
        let sums = &self.by_loops(&self.arrays::<T>(7));
        let of_arch = |&arch: &Arch| {
            let assigned = if self.can_assign() { self.check::<T, Assign>(sums, arch) } else { 0 };
            assigned + self.check::<T, Accumulate>(sums, arch) + self.check::<T, Subtract>(sums, arch)
        };
        archs.iter().map(of_arch).sum()
    }
}

#[test]
fn random_windows_with_padding() {
    let mut random = Random(1);
    let archs = simd::available();
    let (mut by_classes, mut taken) = (0, 0);
    for _ in 0..300 {
        let (dimensions, most) = if random.below(3) == 0 { (1, 50) } else { (2, 8) };
        let case = Case::random(&mut random, dimensions, most);
        by_classes += case.check_modes::<f32>(&archs);
        by_classes += case.check_modes::<Complex<f64>>(&archs);
        case.check_modes::<i32>(&archs[..1]);
        taken += usize::from(case.check_entry::<f32>());
        case.check_entry::<Complex<f32>>();
        case.check_entry::<i32>();
    }
    assert!(by_classes > 1000, "only {by_classes} by classes");
    assert!(taken > 100, "only {taken} were large enough");
}

fn slide(image: usize, taps: usize, stride: usize, padding: usize) -> Slide {
    Slide { image, taps, stride, dilation: 1, padding }
}

/// A case with axes in the order in which they are written, or with channels in front of the image.
fn case(slides: [Slide; 2], extents: [usize; 3], result: Result, by_position: bool, in_front: bool) -> Case {
    let orders = match in_front {
        // Innermost first: `nhwc`, `ijco`, `nxyo`, or `nchw`, `ocij`, `noxy`.
        false => [vec![1, 3, 2, 0], vec![1, 0, 3, 2], vec![1, 3, 2, 0]],
        true => [vec![3, 2, 1, 0], vec![3, 2, 0, 1], vec![3, 2, 1, 0]],
    };
    Case { slides: slides.to_vec(), extents, result, orders, by_position }
}

#[test]
fn several_blocks_of_depth_rows_and_columns() {
    let archs = simd::available();
    for in_front in [false, true] {
        // More depth than a block, which cuts the taps anywhere, and more rows; a right side beyond the cache.
        let deep = case([slide(5, 3, 1, 1); 2], [2, 150, 70], Result::Output, true, in_front);
        deep.check_modes::<f32>(&archs);
        let far = case([slide(4, 3, 1, 1); 2], [4, 90, 330], Result::Output, true, in_front);
        far.check_modes::<f32>(&archs[..1]);
        // Whole blocks of the depth of which a class has nothing.
        let gradient =
            case([slide(45, 3, 2, 1), slide(47, 3, 1, 1)], [2, 5, 9], Result::Kernel, false, in_front);
        gradient.check_modes::<f32>(&archs);
        gradient.check_modes::<Complex<f32>>(&archs[..1]);
        let overlapping = Case { by_position: true, ..gradient };
        overlapping.check_modes::<f32>(&archs[..1]);
        // Many rows of each class, which take turns.
        let turns = case([slide(6, 3, 1, 1); 2], [2, 101, 67], Result::Kernel, false, in_front);
        turns.check_modes::<f32>(&archs[..1]);
    }
}

#[test]
fn boxes_that_touch_are_one() {
    let label_box = |x: [usize; 2], i: [usize; 2]| {
        let mut ranges = [[0, 1]; MAX_AXES];
        ranges[..2].copy_from_slice(&[x, i]);
        ranges
    };
    let boxes = vec![
        label_box([0, 2], [0, 3]),
        label_box([2, 4], [0, 3]),
        label_box([0, 6], [3, 1]),
        label_box([8, 1], [0, 3]),
    ];
    assert_eq!(merged(boxes), [label_box([0, 6], [0, 4]), label_box([8, 1], [0, 3])]);
}

#[test]
fn small_kernels_slide_over_an_image_alone() {
    let stencil = case([slide(60, 3, 1, 1), slide(70, 3, 1, 1)], [1, 1, 1], Result::Output, true, false);
    stencil.check_modes::<f32>(&simd::available());
    assert!(stencil.check_entry::<f32>() && stencil.check_entry::<f64>());
}

#[cfg(feature = "rayon")]
#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    for (result, by_position) in [(Result::Output, true), (Result::Kernel, false), (Result::Kernel, true)] {
        for in_front in [false, true] {
            let case = case([slide(15, 3, 1, 1); 2], [2, 70, 130], result, by_position, in_front);
            let by = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                let mut arrays = case.arrays::<f32>(3);
                let third = |number: &mut f32| *number /= 3.0;
                arrays.iter_mut().for_each(|array| array.elements.iter_mut().for_each(third));
                let ranges = case.boxes();
                let taken = pool.install(|| {
                    // SAFETY: the boxes have what is inside of the image, and the arrays are borrowed for writing.
                    case.with_labelled(&mut arrays, |labelled| unsafe {
                        let arithmetic = ArithmeticOf::<f32>::of::<Accumulate>().erased();
                        contract_boxes(labelled, &ranges, arithmetic)
                    })
                });
                assert!(taken);
                let [out, ..] = arrays;
                out.elements.iter().map(|number| number.to_bits()).collect::<Vec<_>>()
            };
            assert!(by(1) == by(2) && by(1) == by(3));
        }
    }
}
