#include "services/dedupe/grpc_handler.h"

#include <grpcpp/grpcpp.h>

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "article/convert.h"
#include "base/status.h"
#include "kawat/v1/dedupe_service.grpc.pb.h"
#include "rpc/status.h"
#include "services/dedupe/stage.h"

namespace kawat::dedupe {
namespace {

absl::Status Answer(const state::Store& state, const std::string& id, v1::GetDecisionResponse& response) {
  if (!article::IsArticleId(id)) {
    return absl::InvalidArgumentError("article_id: not 32 lower-case hexadecimal digits");
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<ArticleState> decision, ReadDecision(state, id));
  if (!decision.has_value()) {
    return absl::NotFoundError(absl::StrCat("nothing was decided of article ", id));
  }
  response.set_article_id(id);
  response.set_revision(decision->revision);
  response.set_seq(decision->seq);
  article::ToProto(decision->membership, *response.mutable_membership());
  return absl::OkStatus();
}

// One read of a key: gRPC's own thread may wait for it.
class Handler final : public GrpcHandler, public v1::DedupeService::CallbackService {
 public:
  explicit Handler(const state::Store& state) : state_(state) {}

  grpc::Service& service() override { return *this; }

  grpc::ServerUnaryReactor* GetDecision(grpc::CallbackServerContext* context, const v1::GetDecisionRequest* request,
                                        v1::GetDecisionResponse* response) override {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(rpc::ToGrpc(Answer(state_, request->article_id(), *response)));
    return reactor;
  }

 private:
  const state::Store& state_;
};

}  // namespace

std::unique_ptr<GrpcHandler> GrpcHandler::New(const state::Store& state) { return std::make_unique<Handler>(state); }

}  // namespace kawat::dedupe
