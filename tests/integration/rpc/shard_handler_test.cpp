// ShardService over a real channel.
#include "rpc/shard_handler.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "kawat/v1/shard_service.grpc.pb.h"
#include "rpc/client.h"
#include "rpc/server.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::rpc {
namespace {

constexpr char kToken[] = "0123456789abcdef";

TEST(ShardHandlerTest, OnlyWhoHasTheTokenMakesABackup) {
  const support::TempFolder folder;
  const std::string file = (folder.path() / "token").string();
  ASSERT_OK(base::WriteFileAtomically(file, kToken));
  int made = 0;
  const auto handler = ShardHandler::New(
      [&](const std::string& shard, const std::string& name, const auto& cancelled) {
        ++made;
        EXPECT_FALSE(cancelled());
        return ShardHandler::Made{.folder = shard + "@" + name, .bytes = 7};
      },
      TokenGuard(file));
  ASSERT_OK_AND_ASSIGN(const auto server, Server::Start({}, {&handler->service()}));
  v1::ShardService::Stub stub(OpenChannel(server->address()));
  v1::CreateBackupRequest request;
  request.set_shard("store/00");
  request.set_name("monday");
  v1::CreateBackupResponse response;
  const auto call = [&](const std::string& token) {
    return Call(&v1::ShardService::Stub::CreateBackup, stub, request, response, absl::Seconds(5), token).code();
  };
  EXPECT_EQ(call(""), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(call("fedcba9876543210"), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(made, 0);
  EXPECT_EQ(call(kToken), absl::StatusCode::kOk);
  EXPECT_EQ(response.folder(), "store/00@monday");
  EXPECT_EQ(response.bytes(), 7);
}

}  // namespace
}  // namespace kawat::rpc
