// Tokens over a real channel.
#include "rpc/token.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "kawat/v1/dedupe_service.grpc.pb.h"
#include "rpc/client.h"
#include "rpc/server.h"
#include "rpc/status.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::rpc {
namespace {

constexpr char kToken[] = "0123456789abcdef";

class Guarded final : public v1::DedupeService::Service {
 public:
  explicit Guarded(TokenGuard guard) : guard_(std::move(guard)) {}
  grpc::Status GetDecision(grpc::ServerContext* context, const v1::GetDecisionRequest* /*request*/,
                           v1::GetDecisionResponse* /*response*/) override {
    return ToGrpc(guard_.Check(*context));
  }

 private:
  TokenGuard guard_;
};

class TokenTest : public ::testing::Test {
 protected:
  absl::StatusCode Ask(const std::string& guard_file, const std::string& token) {
    Guarded service{TokenGuard(guard_file)};
    auto server = Server::Start({}, {&service});
    EXPECT_OK(server.status());
    v1::DedupeService::Stub stub(OpenChannel((*server)->address()));
    v1::GetDecisionResponse response;
    return Call(&v1::DedupeService::Stub::GetDecision, stub, v1::GetDecisionRequest(), response, absl::Seconds(5),
                token)
        .code();
  }
  std::string File(const std::string& content) {
    EXPECT_OK(base::WriteFileAtomically(folder_.path() / "token", content));
    return (folder_.path() / "token").string();
  }
  support::TempFolder folder_;
};

TEST_F(TokenTest, OnlyTheTokenOfTheFileIsTaken) {
  const std::string file = File("0123456789abcdef\n");
  EXPECT_EQ(Ask(file, kToken), absl::StatusCode::kOk);
  EXPECT_EQ(Ask(file, ""), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Ask(file, "0123456789abcdeF"), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Ask(file, "0123456789abcde"), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Ask(file, "0123456789abcdef0"), absl::StatusCode::kUnauthenticated);
}

TEST_F(TokenTest, ARenewedTokenIsInForceAtOnce) {
  const std::string file = File(kToken);
  File("fedcba9876543210");
  EXPECT_EQ(Ask(file, kToken), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Ask(file, "fedcba9876543210"), absl::StatusCode::kOk);
}

TEST_F(TokenTest, WithoutAFileEverybodyMay) { EXPECT_EQ(Ask("", ""), absl::StatusCode::kOk); }

TEST_F(TokenTest, AFileThatIsGoneOrNoTokenLetsNobodyIn) {
  EXPECT_EQ(Ask("/nowhere/token", kToken), absl::StatusCode::kNotFound);
  EXPECT_EQ(Ask(File("short"), "short"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadToken(File("two words and more")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadToken(File(std::string(1025, 'x'))).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_OK(ReadToken(File(std::string(1024, 'x'))));
}

}  // namespace
}  // namespace kawat::rpc
