//! One line of a receipt, the same for both versions; each version writes it in its own words.

use crate::decimal::{Money, Quantity};
use crate::vat::Vat;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// 1 to 128 characters.
    pub name: String,
    /// For one unit, up to 42 949 672.95.
    pub price: Money,
    /// 0.001 to 99 999.999.
    pub quantity: Quantity,
    /// Up to 42 949 672.95. In v5 it is price × quantity rounded half up; v4 no longer makes a discount of a
    /// difference.
    pub sum: Money,
    /// What the quantity counts.
    pub unit: Measure,
    /// A plain sale is [`PaymentMethod::FullPayment`]; the service's own default would be a prepayment.
    pub payment_method: PaymentMethod,
    /// What is sold.
    pub payment_object: PaymentObject,
    /// Its VAT.
    pub vat: Vat,
}

/// A unit of measure (FFD tag 2108).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// 0.
    Piece,
    /// 10.
    Gram,
    /// 11.
    Kilogram,
    /// 12.
    Tonne,
    /// 20.
    Centimetre,
    /// 21.
    Decimetre,
    /// 22.
    Metre,
    /// 30.
    SquareCentimetre,
    /// 31.
    SquareDecimetre,
    /// 32.
    SquareMetre,
    /// 40.
    Millilitre,
    /// 41.
    Litre,
    /// 42.
    CubicMetre,
    /// 50.
    KilowattHour,
    /// 51.
    Gigacalorie,
    /// 70.
    Day,
    /// 71.
    Hour,
    /// 72.
    Minute,
    /// 73.
    Second,
    /// 80.
    Kilobyte,
    /// 81.
    Megabyte,
    /// 82.
    Gigabyte,
    /// 83.
    Terabyte,
    /// 255, any other: v4 prints this name of at most 16 characters, empty for none; v5 has no place for it.
    Other(String),
}

impl Measure {
    /// What v4 prints.
    pub fn v4(&self) -> &str {
        self.both().0
    }

    /// v5's code.
    pub fn v5(&self) -> u8 {
        self.both().1
    }

    fn both(&self) -> (&str, u8) {
        match self {
            Self::Piece => ("шт.", 0),
            Self::Gram => ("г", 10),
            Self::Kilogram => ("кг", 11),
            Self::Tonne => ("т", 12),
            Self::Centimetre => ("см", 20),
            Self::Decimetre => ("дм", 21),
            Self::Metre => ("м", 22),
            Self::SquareCentimetre => ("кв. см", 30),
            Self::SquareDecimetre => ("кв. дм", 31),
            Self::SquareMetre => ("кв. м", 32),
            Self::Millilitre => ("мл", 40),
            Self::Litre => ("л", 41),
            Self::CubicMetre => ("куб. м", 42),
            Self::KilowattHour => ("кВт·ч", 50),
            Self::Gigacalorie => ("Гкал", 51),
            Self::Day => ("сут.", 70),
            Self::Hour => ("ч", 71),
            Self::Minute => ("мин", 72),
            Self::Second => ("с", 73),
            Self::Kilobyte => ("Кбайт", 80),
            Self::Megabyte => ("Мбайт", 81),
            Self::Gigabyte => ("Гбайт", 82),
            Self::Terabyte => ("Тбайт", 83),
            Self::Other(name) => (name, 255),
        }
    }
}

/// How the line is paid for (FFD tag 1214).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentMethod {
    /// All of it before the goods.
    FullPrepayment,
    /// A part of it before the goods.
    Prepayment,
    /// Before it is known for what.
    Advance,
    /// All of it with the goods: a plain sale.
    FullPayment,
    /// A part with the goods, the rest on credit.
    PartialPayment,
    /// The goods, on credit.
    Credit,
    /// A payment for goods had on credit.
    CreditPayment,
}

impl PaymentMethod {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FullPrepayment => "full_prepayment",
            Self::Prepayment => "prepayment",
            Self::Advance => "advance",
            Self::FullPayment => "full_payment",
            Self::PartialPayment => "partial_payment",
            Self::Credit => "credit",
            Self::CreditPayment => "credit_payment",
        }
    }
}

/// What is paid for (FFD tag 1212).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentObject {
    /// Goods.
    Commodity,
    /// Excisable goods.
    Excise,
    /// Work.
    Job,
    /// A service.
    Service,
    /// A bet.
    GamblingBet,
    /// A bet's prize.
    GamblingPrize,
    /// A lottery ticket.
    Lottery,
    /// A lottery's prize.
    LotteryPrize,
    /// Results of intellectual work.
    IntellectualActivity,
    /// A payment: a deposit, a fine, a bonus.
    Payment,
    /// An agent's fee.
    AgentCommission,
    /// A pay-out.
    Award,
    /// Several objects in one. v4 only: v5 has given its number to the pay-out.
    Composite,
    /// Anything else.
    Another,
    /// A property right.
    PropertyRight,
    /// A gain outside sales.
    NonOperatingGain,
    /// Insurance premiums; in FFD 1.2 other payments and contributions.
    InsurancePremium,
    /// The trade levy.
    SalesTax,
    /// The resort fee.
    ResortFee,
    /// A security deposit.
    Deposit,
    /// An expense.
    Expense,
    /// Pension contributions of a sole trader without employees.
    PensionInsuranceIp,
    /// Pension contributions.
    PensionInsurance,
    /// Medical contributions of a sole trader without employees.
    MedicalInsuranceIp,
    /// Medical contributions.
    MedicalInsurance,
    /// Social contributions.
    SocialInsurance,
    /// A casino's chips.
    CasinoPayment,
    /// Cash given out by an agent. v5 only.
    CashOut,
    /// Excisable goods under marking, without a code. v5 only.
    ExciseUnmarked,
    /// Excisable goods under marking, with a code. v5 only.
    ExciseMarked,
    /// Goods under marking, without a code. v5 only.
    CommodityUnmarked,
    /// Goods under marking, with a code. v5 only.
    CommodityMarked,
}

impl PaymentObject {
    /// v4's word, if v4 knows it.
    pub const fn v4(self) -> Option<&'static str> {
        self.both().0
    }

    /// v5's code, if v5 knows it.
    pub const fn v5(self) -> Option<u8> {
        self.both().1
    }

    const fn both(self) -> (Option<&'static str>, Option<u8>) {
        match self {
            Self::Commodity => (Some("commodity"), Some(1)),
            Self::Excise => (Some("excise"), Some(2)),
            Self::Job => (Some("job"), Some(3)),
            Self::Service => (Some("service"), Some(4)),
            Self::GamblingBet => (Some("gambling_bet"), Some(5)),
            Self::GamblingPrize => (Some("gambling_prize"), Some(6)),
            Self::Lottery => (Some("lottery"), Some(7)),
            Self::LotteryPrize => (Some("lottery_prize"), Some(8)),
            Self::IntellectualActivity => (Some("intellectual_activity"), Some(9)),
            Self::Payment => (Some("payment"), Some(10)),
            Self::AgentCommission => (Some("agent_commission"), Some(11)),
            Self::Award => (Some("award"), Some(12)),
            Self::Composite => (Some("composite"), None),
            Self::Another => (Some("another"), Some(13)),
            Self::PropertyRight => (Some("property_right"), Some(14)),
            Self::NonOperatingGain => (Some("non-operating_gain"), Some(15)),
            Self::InsurancePremium => (Some("insurance_premium"), Some(16)),
            Self::SalesTax => (Some("sales_tax"), Some(17)),
            Self::ResortFee => (Some("resort_fee"), Some(18)),
            Self::Deposit => (Some("deposit"), Some(19)),
            Self::Expense => (Some("expense"), Some(20)),
            Self::PensionInsuranceIp => (Some("pension_insurance_ip"), Some(21)),
            Self::PensionInsurance => (Some("pension_insurance"), Some(22)),
            Self::MedicalInsuranceIp => (Some("medical_insurance_ip"), Some(23)),
            Self::MedicalInsurance => (Some("medical_insurance"), Some(24)),
            Self::SocialInsurance => (Some("social_insurance"), Some(25)),
            Self::CasinoPayment => (Some("casino_payment"), Some(26)),
            Self::CashOut => (None, Some(27)),
            Self::ExciseUnmarked => (None, Some(30)),
            Self::ExciseMarked => (None, Some(31)),
            Self::CommodityUnmarked => (None, Some(32)),
            Self::CommodityMarked => (None, Some(33)),
        }
    }
}
