#include "cli/client.h"

#include <chrono>

#include "absl/strings/str_cat.h"

namespace kawat::cli {
namespace {

constexpr std::chrono::seconds kDeadline{10};
constexpr int kMaxMessageBytes = 8 << 20;

}  // namespace

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void SetDeadline(grpc::ClientContext& context) { context.set_deadline(std::chrono::system_clock::now() + kDeadline); }

absl::Status ToStatus(const grpc::Status& status, std::string_view service, std::string_view address) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return absl::UnavailableError(
        absl::StrCat("no ", std::string(service), " answers at ", std::string(address), " (", status.error_message(),
                     "); start one with `kawat up`, or name its address with --", std::string(service)));
  }
  return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
}

}  // namespace kawat::cli
