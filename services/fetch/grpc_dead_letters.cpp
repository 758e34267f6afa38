#include "services/fetch/grpc_dead_letters.h"

#include <grpcpp/grpcpp.h>

#include "article/convert.h"
#include "kawat/v1/dead_letter_service.grpc.pb.h"
#include "rpc/status.h"

namespace kawat::fetch {
namespace {

void ToProto(const StoredDeadLetter& letter, std::size_t key_bytes, std::size_t value_bytes,
             v1::DeadLetterSummary& out) {
  out.set_id(letter.id);
  out.mutable_place()->set_partition(letter.place.partition);
  out.mutable_place()->set_offset(letter.place.offset);
  out.set_stage(letter.refused.stage);
  out.set_reason(static_cast<v1::Reason>(letter.refused.reason));
  out.set_detail(letter.refused.detail);
  article::ToProto(letter.refused.record.append_time, *out.mutable_append_time());
  article::ToProto(letter.refused_time, *out.mutable_refused_time());
  out.set_key_bytes(static_cast<std::int64_t>(key_bytes));
  out.set_value_bytes(static_cast<std::int64_t>(value_bytes));
}

class Handler final : public GrpcDeadLetters, public v1::DeadLetterService::Service {
 public:
  Handler(DeadLetters& letters, rpc::TokenGuard guard) : letters_(letters), guard_(std::move(guard)) {}

  grpc::Service& service() override { return *this; }

  grpc::Status ListDeadLetters(grpc::ServerContext* /*context*/, const v1::ListDeadLettersRequest* request,
                               v1::ListDeadLettersResponse* response) override {
    DeadLetterFilter filter{.stage = request->stage(), .id = request->id()};
    if (request->reason() != v1::REASON_UNSPECIFIED) {
      filter.reason = static_cast<article::Reason>(request->reason());
    }
    if (request->has_since()) {
      filter.since = article::FromProto(request->since());
    }
    if (request->has_until()) {
      filter.until = article::FromProto(request->until());
    }
    const auto page = letters_.List(filter, request->page_size(), request->page_token());
    if (page.ok()) {
      for (std::size_t i = 0; i < page->letters.size(); ++i) {
        ToProto(page->letters[i], page->key_bytes[i], page->value_bytes[i], *response->add_dead_letters());
      }
      response->set_next_page_token(page->next_page_token);
    }
    return rpc::ToGrpc(page.status());
  }

  grpc::Status GetDeadLetter(grpc::ServerContext* /*context*/, const v1::GetDeadLetterRequest* request,
                             v1::GetDeadLetterResponse* response) override {
    const auto letter = letters_.Get({request->place().partition(), request->place().offset()});
    if (letter.ok()) {
      const bus::Record& record = letter->refused.record;
      const std::string value = record.value.value_or("");
      ToProto(*letter, record.key.size(), value.size(), *response->mutable_dead_letter());
      response->set_key(record.key);
      response->set_value(value);
    }
    return rpc::ToGrpc(letter.status());
  }

  grpc::Status ReplayDeadLetters(grpc::ServerContext* context, const v1::ReplayDeadLettersRequest* request,
                                 v1::ReplayDeadLettersResponse* response) override {
    if (const absl::Status allowed = guard_.Check(*context); !allowed.ok()) {
      return rpc::ToGrpc(allowed);
    }
    std::vector<DeadLetterPlace> places;
    for (const v1::DeadLetterPlace& place : request->places()) {
      places.push_back({place.partition(), place.offset()});
    }
    const auto replayed = letters_.Replay(places, request->dry_run());
    if (replayed.ok()) {
      for (const ReplayedDeadLetter& letter : *replayed) {
        v1::ReplayedDeadLetter& out = *response->add_dead_letters();
        out.set_id(letter.id);
        out.set_sent(letter.status.ok());
        out.set_problem(std::string(letter.status.message()));
      }
    }
    return rpc::ToGrpc(replayed.status());
  }

 private:
  DeadLetters& letters_;
  const rpc::TokenGuard guard_;
};

}  // namespace

std::unique_ptr<GrpcDeadLetters> GrpcDeadLetters::New(DeadLetters& letters, rpc::TokenGuard guard) {
  return std::make_unique<Handler>(letters, std::move(guard));
}

}  // namespace kawat::fetch
