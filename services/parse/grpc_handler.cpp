#include "services/parse/grpc_handler.h"

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "kawat/v1/parse_service.grpc.pb.h"
#include "rpc/status.h"
#include "services/parse/grpc_convert.h"
#include "services/parse/parse_page.h"
#include "url/url.h"

namespace kawat::parse {
namespace {

constexpr std::size_t kMaxBodyBytes = 5 << 20;
constexpr std::size_t kMaxContentTypeBytes = 1 << 10;
constexpr std::size_t kMaxAnswerLinkBytes = 3 << 20;  // a sitemap has more links than an answer may hold

absl::Status Check(const v1::ParsePageRequest& request) {
  if (request.body().size() > kMaxBodyBytes) {
    return absl::InvalidArgumentError(absl::StrCat("body: ", request.body().size(), " bytes; at most ", kMaxBodyBytes));
  }
  if (request.content_type().size() > kMaxContentTypeBytes) {
    return absl::InvalidArgumentError(absl::StrCat("content_type: at most ", kMaxContentTypeBytes, " bytes"));
  }
  return base::Annotate(url::Url::Parse(request.url()).status(), "url");
}

absl::Status Answer(const v1::ParsePageRequest& request, absl::Time now, v1::ParsePageResponse& response) {
  KAWAT_RETURN_IF_ERROR(Check(request));
  const ParsedPage parsed = ParsePageContent(
      {.url = request.url(), .bytes = request.body(), .content_type = request.content_type(), .fetched_time = now});
  ToProto(parsed, kMaxAnswerLinkBytes, response);
  return absl::OkStatus();
}

// The synchronous service: a page takes milliseconds of computing, which gRPC's callback threads must not spend.
class Handler final : public GrpcHandler, public v1::ParseService::Service {
 public:
  explicit Handler(base::Clock& clock) : clock_(clock) {}

  grpc::Service& service() override { return *this; }

  grpc::Status ParsePage(grpc::ServerContext* context, const v1::ParsePageRequest* request,
                         v1::ParsePageResponse* response) override {
    if (context->IsCancelled()) {
      return rpc::ToGrpc(absl::CancelledError("the caller went away"));
    }
    return rpc::ToGrpc(Answer(*request, clock_.Now(), *response));
  }

 private:
  base::Clock& clock_;
};

}  // namespace

std::unique_ptr<GrpcHandler> GrpcHandler::New(base::Clock& clock) { return std::make_unique<Handler>(clock); }

}  // namespace kawat::parse
