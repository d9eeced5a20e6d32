//! The chemical elements: symbol, number, mass.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares the elements with their standard atomic masses in g/mol and their names.
macro_rules! elements {
    ($($symbol:ident = $number:literal, $mass:literal, $name:literal;)*) => {
        /// A chemical element.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[repr(u8)]
        pub enum Element {
            $(
                #[doc = concat!("Number ", $number, ", ", $name, ".")]
                $symbol = $number,
            )*
        }

        /// Symbol, mass in g/mol and name, by increasing number.
        const TABLE: &[(Element, &str, f64, &str)] =
            &[$((Element::$symbol, stringify!($symbol), $mass, $name),)*];
    };
}

// Meija et al., Pure Appl. Chem. 88, 265 (2016), doi:10.1515/pac-2015-0305: the standard atomic weight,
// its conventional value where it is an interval, and of elements without one the mass of the isotope
// that lives longest.
elements! {
    H = 1, 1.008, "hydrogen";
    He = 2, 4.002_602, "helium";
    Li = 3, 6.94, "lithium";
    Be = 4, 9.012_183_1, "beryllium";
    B = 5, 10.81, "boron";
    C = 6, 12.011, "carbon";
    N = 7, 14.007, "nitrogen";
    O = 8, 15.999, "oxygen";
    F = 9, 18.998_403_163, "fluorine";
    Ne = 10, 20.1797, "neon";
    Na = 11, 22.989_769_28, "sodium";
    Mg = 12, 24.305, "magnesium";
    Al = 13, 26.981_538_5, "aluminium";
    Si = 14, 28.085, "silicon";
    P = 15, 30.973_761_998, "phosphorus";
    S = 16, 32.06, "sulphur";
    Cl = 17, 35.45, "chlorine";
    Ar = 18, 39.948, "argon";
    K = 19, 39.0983, "potassium";
    Ca = 20, 40.078, "calcium";
    Sc = 21, 44.955_908, "scandium";
    Ti = 22, 47.867, "titanium";
    V = 23, 50.9415, "vanadium";
    Cr = 24, 51.9961, "chromium";
    Mn = 25, 54.938_044, "manganese";
    Fe = 26, 55.845, "iron";
    Co = 27, 58.933_194, "cobalt";
    Ni = 28, 58.6934, "nickel";
    Cu = 29, 63.546, "copper";
    Zn = 30, 65.38, "zinc";
    Ga = 31, 69.723, "gallium";
    Ge = 32, 72.63, "germanium";
    As = 33, 74.921_595, "arsenic";
    Se = 34, 78.971, "selenium";
    Br = 35, 79.904, "bromine";
    Kr = 36, 83.798, "krypton";
    Rb = 37, 85.4678, "rubidium";
    Sr = 38, 87.62, "strontium";
    Y = 39, 88.905_84, "yttrium";
    Zr = 40, 91.224, "zirconium";
    Nb = 41, 92.906_37, "niobium";
    Mo = 42, 95.95, "molybdenum";
    Tc = 43, 97.907_21, "technetium";
    Ru = 44, 101.07, "ruthenium";
    Rh = 45, 102.9055, "rhodium";
    Pd = 46, 106.42, "palladium";
    Ag = 47, 107.8682, "silver";
    Cd = 48, 112.414, "cadmium";
    In = 49, 114.818, "indium";
    Sn = 50, 118.71, "tin";
    Sb = 51, 121.76, "antimony";
    Te = 52, 127.6, "tellurium";
    I = 53, 126.904_47, "iodine";
    Xe = 54, 131.293, "xenon";
    Cs = 55, 132.905_451_96, "caesium";
    Ba = 56, 137.327, "barium";
    La = 57, 138.905_47, "lanthanum";
    Ce = 58, 140.116, "cerium";
    Pr = 59, 140.907_66, "praseodymium";
    Nd = 60, 144.242, "neodymium";
    Pm = 61, 144.912_76, "promethium";
    Sm = 62, 150.36, "samarium";
    Eu = 63, 151.964, "europium";
    Gd = 64, 157.25, "gadolinium";
    Tb = 65, 158.925_35, "terbium";
    Dy = 66, 162.5, "dysprosium";
    Ho = 67, 164.930_33, "holmium";
    Er = 68, 167.259, "erbium";
    Tm = 69, 168.934_22, "thulium";
    Yb = 70, 173.054, "ytterbium";
    Lu = 71, 174.9668, "lutetium";
    Hf = 72, 178.49, "hafnium";
    Ta = 73, 180.947_88, "tantalum";
    W = 74, 183.84, "tungsten";
    Re = 75, 186.207, "rhenium";
    Os = 76, 190.23, "osmium";
    Ir = 77, 192.217, "iridium";
    Pt = 78, 195.084, "platinum";
    Au = 79, 196.966_569, "gold";
    Hg = 80, 200.592, "mercury";
    Tl = 81, 204.38, "thallium";
    Pb = 82, 207.2, "lead";
    Bi = 83, 208.9804, "bismuth";
    Po = 84, 208.982_43, "polonium";
    At = 85, 209.987_15, "astatine";
    Rn = 86, 222.017_58, "radon";
    Fr = 87, 223.019_74, "francium";
    Ra = 88, 226.025_41, "radium";
    Ac = 89, 227.027_75, "actinium";
    Th = 90, 232.0377, "thorium";
    Pa = 91, 231.035_88, "protactinium";
    U = 92, 238.028_91, "uranium";
    Np = 93, 237.048_17, "neptunium";
    Pu = 94, 244.064_21, "plutonium";
    Am = 95, 243.061_38, "americium";
    Cm = 96, 247.070_35, "curium";
    Bk = 97, 247.070_31, "berkelium";
    Cf = 98, 251.079_59, "californium";
    Es = 99, 252.083, "einsteinium";
    Fm = 100, 257.095_11, "fermium";
    Md = 101, 258.098_43, "mendelevium";
    No = 102, 259.101, "nobelium";
    Lr = 103, 262.11, "lawrencium";
    Rf = 104, 267.122, "rutherfordium";
    Db = 105, 268.126, "dubnium";
    Sg = 106, 271.134, "seaborgium";
    Bh = 107, 270.133, "bohrium";
    Hs = 108, 269.1338, "hassium";
    Mt = 109, 278.156, "meitnerium";
    Ds = 110, 281.165, "darmstadtium";
    Rg = 111, 281.166, "roentgenium";
    Cn = 112, 285.177, "copernicium";
    Nh = 113, 286.182, "nihonium";
    Fl = 114, 289.19, "flerovium";
    Mc = 115, 289.194, "moscovium";
    Lv = 116, 293.204, "livermorium";
    Ts = 117, 293.208, "tennessine";
    Og = 118, 294.214, "oganesson";
}

/// A mass differs by at most this from that of its element, in g/mol: less than half of the distance of
/// any two neighbours that occur together.
const SAME_MASS: f64 = 0.1;

impl Element {
    /// All elements, by increasing number.
    pub fn all() -> impl Iterator<Item = Element> {
        TABLE.iter().map(|&(element, ..)| element)
    }

    /// The atomic number.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The element of an atomic number, 1 to 118.
    pub fn from_number(number: u8) -> Option<Element> {
        let place = usize::from(number).checked_sub(1)?;
        TABLE.get(place).map(|&(element, ..)| element)
    }

    /// The chemical symbol.
    pub fn symbol(self) -> &'static str {
        TABLE[usize::from(self.number()) - 1].1
    }

    /// The name in English.
    pub fn name(self) -> &'static str {
        TABLE[usize::from(self.number()) - 1].3
    }

    /// The element of a chemical symbol, whatever its letters' case.
    pub fn from_symbol(symbol: &str) -> Option<Element> {
        Element::all().find(|element| element.symbol().eq_ignore_ascii_case(symbol))
    }

    /// The standard atomic mass in g/mol (Meija et al. 2016, see the table).
    pub fn mass_g_per_mol(self) -> f64 {
        TABLE[usize::from(self.number()) - 1].2
    }

    /// The element whose mass in g/mol is nearest, if it is this one within 0.1 g/mol.
    pub fn from_mass(g_per_mol: f64) -> Option<Element> {
        let off = |element: &Element| (element.mass_g_per_mol() - g_per_mol).abs();
        let nearest = Element::all().min_by(|a, b| off(a).total_cmp(&off(b)))?;
        (off(&nearest) <= SAME_MASS).then_some(nearest)
    }
}

/// A word that is no chemical symbol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{symbol}' is not the symbol of a chemical element, such as Ta")]
pub struct UnknownElement {
    /// The word.
    pub symbol: String,
}

impl FromStr for Element {
    type Err = UnknownElement;

    fn from_str(symbol: &str) -> Result<Element, UnknownElement> {
        Element::from_symbol(symbol.trim()).ok_or_else(|| UnknownElement {
            symbol: symbol.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_found_by_number_symbol_and_mass() {
        assert_eq!(TABLE.len(), 118);
        for (number, element) in (1..).zip(Element::all()) {
            assert_eq!(element.number(), number);
            assert_eq!(Element::from_number(number), Some(element));
            assert_eq!(Element::from_symbol(element.symbol()), Some(element));
        }
        assert_eq!(Element::from_number(0), None);
        assert_eq!(Element::from_number(119), None);
        assert_eq!(Element::from_symbol("ta"), Some(Element::Ta));
        assert_eq!(Element::from_symbol("Xx"), None);
        assert_eq!(Element::from_mass(63.5), Some(Element::Cu));
        assert_eq!(Element::from_mass(91.22), Some(Element::Zr));
        assert_eq!(Element::from_mass(1.5), None);
        assert_eq!(Element::from_mass(f64::NAN), None);
    }

    #[test]
    fn tantalum_and_palladium_weigh_what_the_paper_s_densities_need() {
        assert_eq!(Element::Ta.mass_g_per_mol(), 180.947_88);
        assert_eq!(Element::Pd.mass_g_per_mol(), 106.42);
        assert_eq!(Element::Ta.name(), "tantalum");
    }
}
