#include "services/fetch/events.h"

#include "services/fetch/bytes.h"

namespace kawat::fetch {
namespace {

enum class Kind : int { kAnswer = 1, kJudged = 2, kOwner = 3 };

std::string Encode(const AnswerEvent& event) {
  ByteWriter out;
  out.Int(static_cast<int>(Kind::kAnswer));
  out.Text(event.host);
  out.Text(event.url);
  out.Text(event.robots_origin);
  out.Int(event.robots_hops);
  out.Bool(event.conditional);
  out.Int(event.wanted);
  out.Int(static_cast<int>(event.answer.reason));
  out.Text(event.answer.detail);
  out.Int(event.answer.status);
  out.Int(static_cast<std::int64_t>(event.answer.headers.size()));
  for (const auto& [name, value] : event.answer.headers) {
    out.Text(name);
    out.Text(value);
  }
  out.Text(event.answer.body);
  return out.Take();
}

AnswerEvent DecodeAnswer(ByteReader& in) {
  AnswerEvent event;
  event.host = in.Text();
  event.url = in.Text();
  event.robots_origin = in.Text();
  event.robots_hops = static_cast<int>(in.Int());
  event.conditional = in.Bool();
  event.wanted = in.Int();
  event.answer.reason = static_cast<article::Reason>(in.Int());
  event.answer.detail = in.Text();
  event.answer.status = static_cast<int>(in.Int());
  for (std::int64_t count = in.Int(); in.ok() && count > 0; --count) {
    std::string name = in.Text();
    event.answer.headers.emplace_back(std::move(name), in.Text());
  }
  event.answer.body = in.Text();
  return event;
}

std::string Encode(const JudgedEvent& event) {
  ByteWriter out;
  out.Int(static_cast<int>(Kind::kJudged));
  out.Text(event.host);
  out.Text(event.url);
  return out.Take();
}

std::string Encode(const OwnerEvent& event) {
  ByteWriter out;
  out.Int(static_cast<int>(Kind::kOwner));
  out.Text(event.owner);
  return out.Take();
}

}  // namespace

bus::Record ToRecord(const Event& event, absl::Time when) {
  bus::Record record;
  record.topic = std::string(kLocalTopic);
  record.append_time = when;
  record.value = std::visit([](const auto& each) { return Encode(each); }, event);
  return record;
}

absl::StatusOr<Event> ParseEvent(std::string_view value) {
  ByteReader in(value);
  Event event;
  switch (static_cast<Kind>(in.Int())) {
    case Kind::kAnswer:
      event = DecodeAnswer(in);
      break;
    case Kind::kJudged: {
      std::string host = in.Text();
      event = JudgedEvent{.host = std::move(host), .url = in.Text()};
      break;
    }
    case Kind::kOwner:
      event = OwnerEvent{.owner = in.Text()};
      break;
    default:
      return absl::InvalidArgumentError("an event of no known kind");
  }
  return in.AtEnd() ? absl::StatusOr<Event>(std::move(event))
                    : absl::InvalidArgumentError("an event that does not decode");
}

}  // namespace kawat::fetch
