//! A register at any provider's simulator, for those who look at tapes and spoil answers and do not care whose it is.

use crate::{atol, cashalot, cashdesk};

/// A register at one of the simulators.
#[derive(Clone)]
pub enum Till {
    /// At Cashälot: its fiscal number.
    Cashalot(cashalot::Simulator, u64),
    /// At CashDesk: its fiscal number.
    CashDesk(cashdesk::Simulator, u64),
    /// At ATOL Online: its group.
    Atol(atol::Simulator, String),
}

/// What a receipt does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperKind {
    /// Sells.
    Sale,
    /// Gives money back.
    Return,
    /// Cancels a sale.
    Storno,
}

/// A receipt that stands on the tape and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it does.
    pub kind: PaperKind,
    /// Its fiscal number; ATOL's is the number of the document in its storage.
    pub number: String,
    /// What the provider calls it beside that, if it does.
    pub id: Option<String>,
    /// Its sum in kopecks; a storno has none.
    pub sum: u64,
    /// The client's own reference: printed, a number or an id, as the protocol has it.
    pub reference: Option<String>,
    /// The receipt it gives back or cancels, where the protocol says so.
    pub of: Option<String>,
    /// It was cancelled by a storno.
    pub storned: bool,
}

impl Paper {
    /// Is this the fiscal number that a client keeps of it? ATOL's has several parts, of which this is one.
    pub fn is_called(&self, number: &str) -> bool {
        self.number == number || number.split('-').any(|part| part == self.number)
    }
}

impl std::fmt::Debug for Till {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cashalot(_, number) => f.debug_tuple("Cashalot").field(number).finish(),
            Self::CashDesk(_, number) => f.debug_tuple("CashDesk").field(number).finish(),
            Self::Atol(_, group) => f.debug_tuple("Atol").field(group).finish(),
        }
    }
}

impl Till {
    /// Sales, returns and stornos in the order they were made; nothing that somebody else made.
    pub fn papers(&self) -> Vec<Paper> {
        match self {
            Self::Cashalot(simulator, number) => {
                let tape = simulator.documents(*number).into_iter();
                tape.filter(|document| !document.revoked && !document.foreign)
                    .filter_map(cashalot_paper)
                    .collect()
            }
            Self::CashDesk(simulator, number) => {
                let tape = simulator.documents(*number).into_iter();
                tape.filter(|document| !document.foreign)
                    .filter_map(cashdesk_paper)
                    .collect()
            }
            Self::Atol(simulator, group) => simulator.documents(group).into_iter().filter_map(atol_paper).collect(),
        }
    }

    /// How often two requests were under way at once that must not be. ATOL Online queues by itself and may be asked
    /// in parallel.
    pub fn overlaps(&self) -> u64 {
        match self {
            Self::Cashalot(simulator, number) => simulator.overlaps(*number),
            Self::CashDesk(simulator, number) => simulator.overlaps(*number),
            Self::Atol(..) => 0,
        }
    }

    /// The next document is made, and the connection breaks before it can be said.
    pub fn lose_next_answer(&self) {
        match self {
            Self::Cashalot(simulator, number) => {
                let fault = cashalot::Fault::once(cashalot::FaultKind::RegisterThenClose);
                simulator.inject(fault.on_command("RegisterCheck").on_register(*number));
            }
            Self::CashDesk(simulator, number) => {
                let fault = cashdesk::Fault::once(cashdesk::FaultKind::RegisterThenClose);
                simulator.inject(fault.on_command("check/sale").on_register(*number));
            }
            Self::Atol(simulator, _) => {
                simulator.inject(atol::Fault::once(atol::FaultKind::StoreThenClose).only("sell*"));
            }
        }
    }

    /// The next requests that make a document are not heard at all.
    pub fn hear_nothing(&self, requests: u32) {
        match self {
            Self::Cashalot(simulator, number) => simulator.inject(cashalot::Fault {
                times: requests,
                ..cashalot::Fault::once(cashalot::FaultKind::CloseBefore)
                    .on_command("RegisterCheck")
                    .on_register(*number)
            }),
            Self::CashDesk(simulator, number) => simulator.inject(cashdesk::Fault {
                times: requests,
                ..cashdesk::Fault::once(cashdesk::FaultKind::CloseBefore)
                    .on_command("check/sale")
                    .on_register(*number)
            }),
            Self::Atol(simulator, _) => {
                let fault = atol::Fault::once(atol::FaultKind::CloseBefore).times(requests);
                simulator.inject(fault.only("sell*"));
            }
        }
    }

    /// Nothing is spoiled any more.
    pub fn clear_faults(&self) {
        match self {
            Self::Cashalot(simulator, _) => simulator.clear_faults(),
            Self::CashDesk(simulator, _) => simulator.clear_faults(),
            Self::Atol(simulator, _) => simulator.clear_faults(),
        }
    }
}

fn cashalot_paper(document: cashalot::RecordedDocument) -> Option<Paper> {
    use cashalot::DocSubType;
    let kind = if document.is(DocSubType::CheckGoods) {
        PaperKind::Sale
    } else if document.is(DocSubType::CheckReturn) {
        PaperKind::Return
    } else if document.is(DocSubType::CheckStorno) {
        PaperKind::Storno
    } else {
        return None;
    };
    Some(Paper {
        kind,
        sum: u64::try_from(document.sum_kopecks).unwrap_or_default(),
        id: None,
        reference: document.comment,
        of: document.storno_num.or(document.ret_num),
        storned: document.storned,
        number: document.num_fiscal,
    })
}

fn cashdesk_paper(document: cashdesk::RecordedDocument) -> Option<Paper> {
    use cashdesk::DocKind;
    let kind = match document.kind {
        DocKind::Sale => PaperKind::Sale,
        DocKind::Return => PaperKind::Return,
        DocKind::OpenShift | DocKind::ServiceInput | DocKind::ServiceOutput | DocKind::ZReport => return None,
    };
    Some(Paper {
        kind,
        number: document.ordernum,
        id: Some(document.uuid.to_string()),
        sum: u64::try_from(document.sum_kopecks).unwrap_or_default(),
        // Numbers of sales and of returns are apart (sheet §6.5).
        reference: document.local_number.map(|number| format!("{kind:?} {number}")),
        of: None,
        storned: false,
    })
}

fn atol_paper(document: atol::RecordedDocument) -> Option<Paper> {
    use atol::Operation;
    let kind = match document.operation {
        Operation::Sell => PaperKind::Sale,
        Operation::SellRefund => PaperKind::Return,
        _ => return None,
    };
    Some(Paper {
        kind,
        number: document.fiscal.fiscal_document_number.to_string(),
        id: Some(document.uuid),
        sum: document.total,
        // The last part counts what was tried: two papers of one document differ in it only.
        reference: document.external_id.rsplit_once('-').map(|(own, _)| own.to_owned()),
        of: None,
        storned: false,
    })
}
