#include "services/fetch/events.h"

#include "state/fields.h"

namespace kawat::fetch {
namespace {

enum class Kind : int { kAnswer = 1, kJudged = 2, kOwner = 3, kSetBack = 4 };

template <class Fields, class Answer>
void VisitAnswer(Answer& event, Fields& fields) {
  fields.Text(event.host).Text(event.url).Text(event.robots_origin).Signed(event.robots_hops);
  fields.Number(event.conditional).Signed(event.wanted).Time(event.fetched);
  fields.Number(event.answer.reason).Text(event.answer.detail).Signed(event.answer.status);
  fields.List(event.answer.headers, [](auto& header, Fields& each) { each.Text(header.first).Text(header.second); });
  fields.Text(event.answer.body);
}

struct Encoder {
  std::string operator()(const AnswerEvent& event) {
    out.Number(Kind::kAnswer);
    VisitAnswer(event, out);
    return out.Take();
  }
  std::string operator()(const JudgedEvent& event) {
    return out.Number(Kind::kJudged).Text(event.host).Text(event.url).Take();
  }
  std::string operator()(const OwnerEvent& event) { return out.Number(Kind::kOwner).Text(event.owner).Take(); }
  std::string operator()(const SetBackEvent& event) {
    return out.Number(Kind::kSetBack).Signed(absl::ToInt64Milliseconds(event.by)).Take();
  }

  state::FieldWriter out;
};

}  // namespace

bus::Record ToRecord(const Event& event, absl::Time when) {
  bus::Record record;
  record.topic = std::string(kLocalTopic);
  record.append_time = when;
  record.value = std::visit(Encoder(), event);
  return record;
}

absl::StatusOr<Event> ParseEvent(std::string_view value) {
  state::FieldReader in(value);
  Event event;
  Kind kind{};
  switch (in.Number(kind); kind) {
    case Kind::kAnswer:
      VisitAnswer(event.emplace<AnswerEvent>(), in);
      break;
    case Kind::kJudged: {
      auto& judged = event.emplace<JudgedEvent>();
      in.Text(judged.host).Text(judged.url);
      break;
    }
    case Kind::kOwner:
      in.Text(event.emplace<OwnerEvent>().owner);
      break;
    case Kind::kSetBack: {
      std::int64_t by_ms = 0;
      in.Signed(by_ms);
      event.emplace<SetBackEvent>().by = absl::Milliseconds(by_ms);
      break;
    }
    default:
      return absl::InvalidArgumentError("an event of no known kind");
  }
  if (!in.Finish("an event").ok()) {
    return absl::InvalidArgumentError("an event that does not decode");
  }
  return event;
}

}  // namespace kawat::fetch
