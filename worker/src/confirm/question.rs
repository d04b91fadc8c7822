use domain::event::Event;
use domain::hold::HoldReason;
use domain::money::Kopecks;
use ledger::settings::Source;
use ledger::views::DocumentView;
use url::Url;
use wire::AskError;

use crate::state::WorkerState;

/// What is asked, of whom, and what we know ourselves.
pub(super) struct Question<'a> {
    pub state: &'a WorkerState,
    pub source: &'a Source,
    pub event: &'a Event,
    pub api_url: Url,
}

impl<'a> Question<'a> {
    pub fn new(state: &'a WorkerState, source: &'a Source, event: &'a Event) -> Result<Self, String> {
        let api_url = Url::parse(&source.api_url)
            .map_err(|_| "the source's api_url is not a URL; correct it in the settings".to_owned())?;
        Ok(Self {
            state,
            source,
            event,
            api_url,
        })
    }

    /// What the order's sale receipt is for, made or planned; `None` when there is none.
    pub async fn sold(&self) -> Result<Option<Kopecks>, String> {
        let order = self.state.ledger.order_view(&self.source.merchant, &self.event.order);
        let order = order.await.map_err(|error| format!("the ledger: {error}"))?;
        let documents = order.map(|order| order.documents).unwrap_or_default();
        let sale = documents.iter().find(|document| is_sale(document));
        Ok(sale.and_then(|sale| {
            let minor = u64::try_from(sale.amount).ok()?;
            Kopecks::from_minor(minor).ok()
        }))
    }
}

/// An order that the system does not know is an answer; what else kept it from answering is told to people.
pub(super) fn known<T>(answer: Result<T, AskError>) -> Result<Option<T>, String> {
    match answer {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(error) if error.is_unknown_order() => Ok(None),
        Err(error) => Err(format!("the status API: {error}")),
    }
}

/// Not what is held because nobody knew what it was.
fn is_sale(document: &DocumentView) -> bool {
    let held = document.hold.as_ref().and_then(|(reason, _)| HoldReason::parse(reason));
    let unknown = matches!(held, Some(HoldReason::StrangeEvent | HoldReason::SecondPayment));
    document.kind == "sale" && !unknown
}
