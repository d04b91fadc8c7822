//! What a request can be answered besides success, and the one place where that becomes HTTP.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::money::Kopecks;
use fondy::CallbackError;
use ledger::LedgerError;
use ledger::reconcile::Repair;
use ledger::settings::Scope;
use payments::reservation_data::Complaint;
use serde_json::json;

use crate::inbox::InboxError;
use crate::reservation_data;

/// Why a request was not done. `Display` and the sources are for the log; what the caller reads is
/// in [`ApiError::answer`] and never holds what was sent or what the ledger said.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("no route has this path")]
    NoSuchRoute,
    #[error("the route does not take this method")]
    MethodNotAllowed,
    #[error("the path cannot be decoded")]
    BadPath,
    #[error("no source has this id")]
    UnknownSource,
    #[error("the source belongs to a public test merchant, and this is production")]
    TestSource,
    #[error("the source takes callbacks from listed addresses only")]
    AddressNotAllowed,
    #[error("the callback was not believed")]
    Callback(#[source] CallbackError),
    #[error("the callback was not believed")]
    Message(#[source] wire::CallbackError),
    #[error("the notice is about another register than its source's")]
    OtherRegister(&'static str),
    #[error("the callback cannot be checked now")]
    NoBankKey(#[source] monobank::KeyError),
    #[error("the body is larger than {limit} bytes")]
    BodyTooLarge { limit: usize },
    #[error("the body did not arrive in time")]
    BodyTooSlow,
    #[error("the body broke off")]
    BodyBroken(#[source] axum::Error),
    #[error("too many requests")]
    TooMany { wait: Duration },
    #[error("no usable API key was sent")]
    Unauthorized,
    #[error("the API key lacks the scope {}", .0.as_str())]
    MissingScope(Scope),
    #[error("the body is not a JSON object")]
    BrokenJson,
    #[error("the Idempotency-Key header is missing or not usable")]
    IdempotencyKey,
    #[error("field {field}: {detail}")]
    Field {
        code: &'static str,
        field: String,
        detail: String,
    },
    #[error("the basket has {} problems", .0.len())]
    Basket(Vec<Complaint>),
    #[error("the key was used before with another content")]
    KeyReused,
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("the document is {state}, not held")]
    NotHeld { state: String },
    #[error("the document cannot be resent")]
    CannotBeResent { next_step: &'static str },
    #[error("no payment of the order is known")]
    NotPaid,
    #[error("the payment is divided already, or about to be: {state}")]
    AlreadyDivided { state: String },
    #[error("the document is {state}, not registered")]
    NotRegistered { state: String },
    #[error("the document's rendering was not fetched")]
    NotFetched,
    #[error("the payment system's file of the document is not kept")]
    NoGatewayFile,
    #[error("the payment system made the document")]
    MadeByGateway,
    #[error("the document has no QR picture")]
    NoPicture,
    #[error("no buyer gets this document")]
    NoReceipt,
    #[error("the receipt could not be drawn")]
    NotDrawn(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("there is nobody to send it to")]
    NowhereToSend(&'static str),
    #[error("the order was not paid through a payment system that can be asked")]
    NotRefundable,
    #[error("only {0} can still be given back")]
    RefundTooMuch(Kopecks),
    #[error("the finding is not open")]
    FindingNotOpen,
    #[error("the finding is repaired in another way: {}", .0.as_str())]
    OtherRepair(Repair),
    #[error("the event was not recorded")]
    Inbox(#[source] InboxError),
    #[error("the machine could not do it now")]
    Busy,
    #[error("the ledger failed")]
    Ledger(#[from] LedgerError),
}

/// Who should look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Nobody: the caller made a mistake.
    Usual,
    /// Somebody who looks for it: a stranger may be trying, or the ledger is away (which the inbox
    /// and the readiness check say louder, and once).
    Notable,
    /// An operator.
    Ours,
}

/// What goes out.
struct Answer {
    status: StatusCode,
    code: &'static str,
    detail: String,
    field: Option<String>,
    retry_after: Option<Duration>,
}

/// How long the bank is asked to wait before it sends a webhook again that could not be checked.
const BANK_PAUSE: Duration = Duration::from_secs(30);

/// How long a caller is asked to wait for the ledger.
const LEDGER_PAUSE: Duration = Duration::from_secs(2);

impl ApiError {
    /// A value that is not acceptable; `detail` must not repeat the value.
    pub fn field(code: &'static str, field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Field {
            code,
            field: field.into(),
            detail: detail.into(),
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.answer().status
    }

    /// What a person is told, in Ukrainian or in English.
    pub fn words(&self, ukrainian: bool) -> String {
        let answer = self.answer();
        let uk = match answer.code {
            "ledger_unavailable" => "База даних зараз не відповідає. Спробуйте за хвилину; нічого не втрачено.",
            "internal_error" => "Щось пішло не так на нашому боці; це записано.",
            "too_many_requests" => "Забагато запитів. Зачекайте трохи і повторіть.",
            "body_too_large" => "Надіслане завелике.",
            "body_too_slow" | "body_broken" => "Надіслане не дійшло до кінця. Повторіть.",
            "document_not_held" => "Надіслати ще раз можна лише документ, що чекає на людину.",
            "document_not_registered" => "Документ не зареєстровано, тож чека ще немає.",
            "order_not_paid" => "Про оплату цього замовлення ще не відомо.",
            "already_divided" => "Поділ оплати цього замовлення вже замовлено.",
            "no_receipt" => "Це власний документ каси, покупець його не отримує.",
            _ => return answer.detail,
        };
        if ukrainian { uk.to_owned() } else { answer.detail }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.answer().code
    }

    /// The header that says when the same may be sent again.
    pub fn retry_after(&self) -> Option<HeaderValue> {
        // Rounded up: sooner would only be refused again.
        let seconds = |wait: Duration| wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let wait = self.answer().retry_after?;
        Some(HeaderValue::from(seconds(wait).max(1)))
    }

    pub fn weight(&self) -> Weight {
        match self {
            Self::NoSuchRoute
            | Self::MethodNotAllowed
            | Self::BadPath
            | Self::BodyTooSlow
            | Self::BodyBroken(_)
            | Self::BrokenJson
            | Self::IdempotencyKey
            | Self::Field { .. }
            | Self::Basket(_)
            | Self::NotFound(_)
            | Self::NotHeld { .. }
            | Self::CannotBeResent { .. }
            | Self::NotPaid
            | Self::AlreadyDivided { .. }
            | Self::NotRegistered { .. }
            | Self::NotFetched
            | Self::NoGatewayFile
            | Self::MadeByGateway
            | Self::NoPicture
            | Self::NoReceipt
            | Self::NowhereToSend(_)
            | Self::NotRefundable
            | Self::RefundTooMuch(_)
            | Self::FindingNotOpen
            | Self::OtherRepair(_) => Weight::Usual,
            Self::UnknownSource
            | Self::AddressNotAllowed
            | Self::Callback(_)
            | Self::Message(_)
            | Self::OtherRegister(_)
            | Self::BodyTooLarge { .. }
            | Self::TooMany { .. }
            | Self::Unauthorized
            | Self::MissingScope(_)
            | Self::KeyReused => Weight::Notable,
            Self::Inbox(InboxError::Full | InboxError::Closed | InboxError::TooSlow | InboxError::Away) => {
                Weight::Notable
            }
            Self::Ledger(LedgerError::NotAtProvider(_)) => Weight::Usual,
            Self::Ledger(error) if error.is_outage() => Weight::Notable,
            Self::NoBankKey(error) if error.may_pass() => Weight::Notable,
            Self::TestSource
            | Self::NoBankKey(_)
            | Self::Inbox(InboxError::Refused(_))
            | Self::Busy
            | Self::NotDrawn(_)
            | Self::Ledger(_) => Weight::Ours,
        }
    }

    /// The HTTP map. A payment system sends again after anything but 200, so a status is chosen by
    /// what the caller should do: 4xx "this will not do", 429 and 503 "the same once more, later".
    fn answer(&self) -> Answer {
        match self {
            Self::NoSuchRoute => answer(
                StatusCode::NOT_FOUND,
                "route_not_found",
                "There is nothing at this path.",
            ),
            Self::MethodNotAllowed => answer(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This path does not take this method.",
            ),
            Self::BadPath => answer(
                StatusCode::BAD_REQUEST,
                "bad_path",
                "The path is not percent-encoded UTF-8.",
            ),
            Self::UnknownSource => answer(
                StatusCode::NOT_FOUND,
                "unknown_source",
                "No payment source has this id.",
            ),
            Self::TestSource => answer(
                StatusCode::FORBIDDEN,
                "test_source_refused",
                "This source uses a public test merchant or key, with which anyone can sign; production refuses it.",
            ),
            Self::AddressNotAllowed => answer(
                StatusCode::FORBIDDEN,
                "address_not_allowed",
                "This source takes callbacks from listed addresses only, and this is none of them.",
            ),
            Self::Callback(error) => callback(error),
            Self::Message(error) => message(error),
            Self::OtherRegister(field) => Answer {
                field: Some((*field).to_owned()),
                ..answer(
                    StatusCode::BAD_REQUEST,
                    "wrong_register",
                    "The message is about another register.",
                )
            },
            Self::NoBankKey(_) => Answer {
                retry_after: Some(BANK_PAUSE),
                ..answer(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "bank_key_unavailable",
                    "The bank's public key could not be fetched, so the signature cannot be checked; send the same again.",
                )
            },
            Self::BodyTooLarge { limit } => Answer {
                detail: format!("The body may have {limit} bytes."),
                ..answer(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "")
            },
            Self::BodyTooSlow => answer(
                StatusCode::REQUEST_TIMEOUT,
                "body_too_slow",
                "The body did not arrive in time.",
            ),
            Self::BodyBroken(_) => answer(StatusCode::BAD_REQUEST, "body_broken", "The body broke off."),
            Self::TooMany { wait } => Answer {
                retry_after: Some(*wait),
                ..answer(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too_many_requests",
                    "Too many requests; send this one again later.",
                )
            },
            Self::Unauthorized => answer(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "An API key is needed: Authorization: Bearer KEY.",
            ),
            Self::MissingScope(scope) => Answer {
                detail: format!("The API key lacks the scope '{}'.", scope.as_str()),
                ..answer(StatusCode::FORBIDDEN, "missing_scope", "")
            },
            Self::BrokenJson => answer(
                StatusCode::BAD_REQUEST,
                "broken_json",
                "The body is not a JSON object, or names a field twice.",
            ),
            Self::IdempotencyKey => answer(
                StatusCode::BAD_REQUEST,
                "bad_idempotency_key",
                "The header Idempotency-Key is needed: 1 to 255 visible ASCII characters.",
            ),
            Self::Field { code, field, detail } => Answer {
                detail: sentence(detail),
                field: Some(field.clone()),
                ..answer(StatusCode::UNPROCESSABLE_ENTITY, code, "")
            },
            Self::Basket(_) => answer(
                StatusCode::UNPROCESSABLE_ENTITY,
                "basket_has_problems",
                "The basket cannot be sent; 'problems' says why, line by line.",
            ),
            Self::KeyReused => answer(
                StatusCode::UNPROCESSABLE_ENTITY,
                "repeated_key_different_body",
                "This was sent before with another content; what was sent first stays.",
            ),
            Self::NotFound(what) => Answer {
                detail: format!("There is no such {what}."),
                ..answer(StatusCode::NOT_FOUND, not_found_code(what), "")
            },
            Self::NotHeld { .. } => answer(
                StatusCode::CONFLICT,
                "document_not_held",
                "Only a held document can be resent or closed.",
            ),
            Self::CannotBeResent { next_step } => Answer {
                detail: sentence(next_step),
                ..answer(StatusCode::CONFLICT, "document_cannot_be_resent", "")
            },
            Self::NotPaid => answer(
                StatusCode::CONFLICT,
                "order_not_paid",
                "No payment of this order is known yet; ask again once it is.",
            ),
            Self::AlreadyDivided { .. } => answer(
                StatusCode::CONFLICT,
                "already_divided",
                "The order has a settlement already; the order shows it.",
            ),
            Self::NotRegistered { .. } => answer(
                StatusCode::CONFLICT,
                "document_not_registered",
                "The document is not registered, so there is no receipt of it yet.",
            ),
            Self::NotFetched => answer(
                StatusCode::NOT_FOUND,
                "not_fetched",
                "This was not fetched from the tax service yet; POST to /v1/documents/{id}/fetch first.",
            ),
            Self::NoGatewayFile => answer(
                StatusCode::NOT_FOUND,
                "no_gateway_file",
                "There is no file of the payment system's for this document; its own receipt.pdf may do.",
            ),
            Self::MadeByGateway => answer(
                StatusCode::CONFLICT,
                "made_by_gateway",
                "The payment system's register made this document; no register of yours knows it.",
            ),
            Self::NoPicture => answer(
                StatusCode::NOT_FOUND,
                "no_qr_picture",
                "The document has no QR picture; its URL may do.",
            ),
            Self::NoReceipt => answer(
                StatusCode::NOT_FOUND,
                "no_receipt",
                "This is a register's own document; no buyer gets it.",
            ),
            Self::NowhereToSend(why) => Answer {
                detail: sentence(why),
                ..answer(StatusCode::CONFLICT, "nowhere_to_send", "")
            },
            Self::NotRefundable => answer(
                StatusCode::CONFLICT,
                "not_refundable",
                "Nobody paid this order through a payment system that Kasyr can ask to give money back. LiqPay, WayForPay and \
                 monobank give it back in their own cabinets; the receipt follows by itself.",
            ),
            Self::RefundTooMuch(left) => Answer {
                detail: format!("Only {left} of this order can still be given back."),
                ..answer(StatusCode::CONFLICT, "refund_too_much", "")
            },
            Self::FindingNotOpen => answer(
                StatusCode::CONFLICT,
                "finding_not_open",
                "This finding is gone or closed already.",
            ),
            Self::OtherRepair(repair) => Answer {
                detail: format!("This finding is repaired in another way: '{}'.", repair.as_str()),
                ..answer(StatusCode::CONFLICT, "other_repair", "")
            },
            Self::Inbox(InboxError::Refused(_)) | Self::Busy | Self::NotDrawn(_) => internal(),
            Self::Inbox(InboxError::Full | InboxError::Closed | InboxError::TooSlow | InboxError::Away) => {
                unavailable()
            }
            Self::Ledger(LedgerError::NotAtProvider(name)) => Answer {
                detail: format!("{name} has no such thing, so it cannot be asked of this register."),
                ..answer(StatusCode::CONFLICT, "not_at_provider", "")
            },
            Self::Ledger(error) if error.is_outage() => unavailable(),
            Self::Ledger(_) => internal(),
        }
    }
}

fn answer(status: StatusCode, code: &'static str, detail: &str) -> Answer {
    Answer {
        status,
        code,
        detail: detail.to_owned(),
        field: None,
        retry_after: None,
    }
}

fn unavailable() -> Answer {
    Answer {
        retry_after: Some(LEDGER_PAUSE),
        ..answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "ledger_unavailable",
            "It could not be recorded right now; send the same again.",
        )
    }
}

fn internal() -> Answer {
    answer(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal_error",
        "Something went wrong on our side; it was noted.",
    )
}

fn callback(error: &CallbackError) -> Answer {
    let (detail, field) = match error {
        CallbackError::NotUtf8 => ("The body is not UTF-8.", None),
        CallbackError::BrokenJson => ("The JSON is malformed.", None),
        CallbackError::BrokenForm => ("The form encoding is malformed.", None),
        CallbackError::BrokenBase64 => ("The base64 of 'data' is malformed.", None),
        CallbackError::NotAnObject => ("The message is not an object.", None),
        CallbackError::DuplicateField(_) => ("A field occurs twice.", None),
        CallbackError::NestedValue(_) => ("A field holds a nested value.", None),
        CallbackError::MissingSignature => ("The signature is missing.", None),
        CallbackError::WrongSignature => ("The signature does not fit.", None),
        CallbackError::MissingField(name) => ("A mandatory field is missing.", Some(*name)),
        CallbackError::BadField { name } => ("A field is not understood.", Some(*name)),
        CallbackError::WrongMerchant { .. } => ("The message is about another merchant.", None),
    };
    Answer {
        field: field.map(str::to_owned),
        ..answer(StatusCode::BAD_REQUEST, error.code(), detail)
    }
}

fn message(error: &wire::CallbackError) -> Answer {
    use wire::{CallbackError as E, Malformed};
    let detail = match error {
        E::Malformed(Malformed::NotUtf8) => "The body is not UTF-8.",
        E::Malformed(Malformed::BrokenJson) => "The JSON is malformed.",
        E::Malformed(Malformed::BrokenForm) => "The form encoding is malformed.",
        E::Malformed(Malformed::NotAnObject) => "The message is not an object.",
        E::Malformed(Malformed::DuplicateField(_)) => "A field occurs twice.",
        E::BrokenBase64(_) => "The base64 is malformed.",
        E::MissingSignature => "The signature is missing.",
        E::WrongSignature => "The signature does not fit.",
        E::MissingField(_) => "A mandatory field is missing.",
        E::BadField(_) => "A field is not understood.",
        E::WrongMerchant => "The message is about another merchant.",
    };
    Answer {
        field: error.field().map(str::to_owned),
        ..answer(StatusCode::BAD_REQUEST, error.code(), detail)
    }
}

fn not_found_code(what: &str) -> &'static str {
    match what {
        "order" => "order_not_found",
        "document" => "document_not_found",
        "register" => "register_not_found",
        "action" => "action_not_found",
        "alert" => "alert_not_found",
        "delivery" => "delivery_not_found",
        "lane" => "lane_not_found",
        "receipt" => "receipt_not_found",
        "source" => "source_not_found",
        "finding" => "finding_not_found",
        "refund" => "refund_not_found",
        _ => "not_found",
    }
}

/// Details are written like error texts; an answer starts with a capital and ends with a dot.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let answer = self.answer();
        let title = answer.status.canonical_reason().unwrap_or("Error");
        let mut body = json!({
            "type": format!("urn:kasyr:problem:{}", answer.code),
            "title": title,
            "status": answer.status.as_u16(),
            "detail": answer.detail,
            "code": answer.code,
        });
        if let Some(field) = answer.field {
            body["field"] = field.into();
        }
        if let Self::Basket(problems) = &self {
            body["problems"] = problems.iter().map(reservation_data::view).collect();
        }
        let mut response = (answer.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(wait) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, wait);
        }
        if answer.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"kasyr\""),
            );
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
