#include "services/fetch/grpc_handler.h"

#include <grpcpp/grpcpp.h>

#include "absl/time/time.h"
#include "article/convert.h"
#include "kawat/v1/fetch_service.grpc.pb.h"
#include "rpc/status.h"
#include "services/fetch/grpc_peers.h"

namespace kawat::fetch {
namespace {

constexpr absl::Duration kMaxWait = absl::Seconds(5);  // for the bus and the first shard

void ToProto(const std::string& url, const UrlState& state, v1::UrlState& out) {
  out.set_url(url);
  out.set_source_id(state.source_id);
  out.set_kind(static_cast<v1::LinkKind>(state.kind));
  out.set_outcome(static_cast<v1::OutcomeKind>(state.outcome));
  out.set_reason(static_cast<v1::Reason>(state.reason));
  out.set_detail(state.detail);
  out.set_article_id(state.article_id);
  out.set_moved_to(state.moved_to);
  out.set_http_status(state.http_status);
  out.set_requests(state.requests);
  out.set_seq(state.seq);
  if (state.last_request_time.has_value()) {
    article::ToProto(*state.last_request_time, *out.mutable_last_request_time());
  }
  if (state.due.has_value()) {
    article::ToProto(*state.due, *out.mutable_next_request_time());
  }
}

// Calls that change something wait for the bus, a few seconds at most: the server bounds how many there are at once.
class Handler final : public GrpcHandler, public v1::FetchService::Service {
 public:
  Handler(Admin& admin, const std::vector<std::string>& peers, rpc::TokenGuard guard, base::Clock& clock)
      : admin_(admin), peers_(peers), guard_(std::move(guard)), clock_(clock) {}

  grpc::Service& service() override { return *this; }

  grpc::Status CreateSource(grpc::ServerContext* context, const v1::CreateSourceRequest* request,
                            v1::CreateSourceResponse* response) override {
    if (const absl::Status allowed = guard_.Check(*context); !allowed.ok()) {
      return rpc::ToGrpc(allowed);
    }
    const article::Source source = article::FromProto(request->source());
    const absl::Status created = admin_.CreateSource(source, Deadline(*context));
    if (created.ok()) {
      article::ToProto(source, *response->mutable_source());
    }
    return rpc::ToGrpc(created);
  }

  grpc::Status GetSource(grpc::ServerContext* /*context*/, const v1::GetSourceRequest* request,
                         v1::GetSourceResponse* response) override {
    const auto source = admin_.GetSource(request->id());
    if (source.ok()) {
      article::ToProto(*source, *response->mutable_source());
    }
    return rpc::ToGrpc(source.status());
  }

  grpc::Status ListSources(grpc::ServerContext* /*context*/, const v1::ListSourcesRequest* request,
                           v1::ListSourcesResponse* response) override {
    const auto page = admin_.ListSources(request->page_size(), request->page_token());
    if (page.ok()) {
      for (const article::Source& source : page->sources) {
        article::ToProto(source, *response->add_sources());
      }
      response->set_next_page_token(page->next_page_token);
    }
    return rpc::ToGrpc(page.status());
  }

  grpc::Status DeleteSource(grpc::ServerContext* context, const v1::DeleteSourceRequest* request,
                            v1::DeleteSourceResponse* /*response*/) override {
    if (const absl::Status allowed = guard_.Check(*context); !allowed.ok()) {
      return rpc::ToGrpc(allowed);
    }
    return rpc::ToGrpc(admin_.DeleteSource(request->id(), Deadline(*context)));
  }

  grpc::Status SubmitUrl(grpc::ServerContext* context, const v1::SubmitUrlRequest* request,
                         v1::SubmitUrlResponse* response) override {
    if (const absl::Status allowed = guard_.Check(*context); !allowed.ok()) {
      return rpc::ToGrpc(allowed);
    }
    const auto canonical = admin_.SubmitUrl(request->url(), Deadline(*context));
    if (canonical.ok()) {
      response->set_canonical_url(*canonical);
    }
    return rpc::ToGrpc(canonical.status());
  }

  grpc::Status GetUrlState(grpc::ServerContext* context, const v1::GetUrlStateRequest* request,
                           v1::GetUrlStateResponse* response) override {
    const auto shard = admin_.ShardOf(request->url());
    if (shard.ok() && !admin_.Has(*shard) && peers_.count() > 0 && !Peers::IsForwarded(*context)) {
      return peers_.GetUrlState(*shard % peers_.count(), *context, kMaxWait, *request, *response);
    }
    const auto found = admin_.GetUrl(request->url());
    if (found.ok()) {
      ToProto(found->first, found->second, *response->mutable_state());
    }
    return rpc::ToGrpc(found.status());
  }

 private:
  absl::Time Deadline(const grpc::ServerContext& context) const {
    const absl::Time most = clock_.Now() + kMaxWait;
    const auto given = context.deadline();  // the greatest value: none
    return given == std::chrono::system_clock::time_point::max() ? most : std::min(most, absl::FromChrono(given));
  }

  Admin& admin_;
  const Peers peers_;
  const rpc::TokenGuard guard_;
  base::Clock& clock_;
};

}  // namespace

std::unique_ptr<GrpcHandler> GrpcHandler::New(Admin& admin, const std::vector<std::string>& peers,
                                              rpc::TokenGuard guard, base::Clock& clock) {
  return std::make_unique<Handler>(admin, peers, std::move(guard), clock);
}

}  // namespace kawat::fetch
