// A real channel to a real server: health, reflection, limits, stopping.
#include "rpc/server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "base/check.h"
#include "kawat/v1/dedupe_service.grpc.pb.h"
#include "rpc/status.h"
#include "telemetry/metrics.h"
#include "tests/support/status.h"
#include "tests/support/wait.h"

namespace kawat::rpc {
namespace {

using ::testing::HasSubstr;

class Dedupe final : public v1::DedupeService::Service {
 public:
  grpc::Status GetDecision(grpc::ServerContext* context, const v1::GetDecisionRequest* request,
                           v1::GetDecisionResponse* response) override {
    if (request->article_id() == "wait") {
      waiting.Notify();
      support::WaitUntil([context] { return context->IsCancelled(); });
      return grpc::Status::CANCELLED;
    }
    if (request->article_id().empty()) {
      return ToGrpc(absl::InvalidArgumentError("article_id: want 32 hexadecimal digits"));
    }
    response->set_revision(3);
    return grpc::Status::OK;
  }
  absl::Notification waiting;
};

grpc::ByteBuffer Bytes(std::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return {&slice, 1};
}

std::string Text(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  KAWAT_CHECK(buffer.Dump(&slices).ok(), "no bytes");
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

// Sends one message by name, without stubs, as grpcurl does; returns the first answer.
std::string Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method, std::string_view request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, method, &queue);
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  grpc::ByteBuffer answer;
  call->StartCall(nullptr);
  if (!wait()) {
    return "no call";
  }
  call->Write(Bytes(request), nullptr);
  if (!wait()) {
    return "no write";
  }
  call->Read(&answer, nullptr);
  const bool read = wait();
  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  return read ? Text(answer) : status.error_message();
}

struct Running {
  Dedupe service;
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::DedupeService::Stub> stub;

  explicit Running(ServerOptions options = {}) {
    auto started = Server::Start(options, {&service});
    KAWAT_CHECK(started.ok(), "the server does not start");
    server = *std::move(started);
    channel = grpc::CreateChannel(server->address(), grpc::InsecureChannelCredentials());
    stub = v1::DedupeService::NewStub(channel);
  }

  absl::Status Get(const std::string& id) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    v1::GetDecisionRequest request;
    request.set_article_id(id);
    v1::GetDecisionResponse response;
    return FromGrpc(stub->GetDecision(&context, request, &response));
  }
};

TEST(RpcServerTest, AnswersWithCodesAndMessages) {
  const Running running;
  EXPECT_OK(running.Get("x"));
  const absl::Status refused = running.Get("");
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused.message(), "article_id: want 32 hexadecimal digits");
}

TEST(RpcServerTest, HealthSaysServing) {
  const Running running;
  EXPECT_EQ(Call(running.channel, "/grpc.health.v1.Health/Check", ""), std::string("\x08\x01", 2));
}

TEST(RpcServerTest, ReflectionListsTheServices) {
  const Running running;
  const std::string answer = Call(running.channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                  std::string("\x3a\x01*", 3));
  EXPECT_THAT(answer, HasSubstr("kawat.v1.DedupeService"));
}

TEST(RpcServerTest, ARequestAboveTheLimitIsRefused) {
  const Running running({.max_request_bytes = 1000});
  EXPECT_OK(running.Get(std::string(900, 'x')));
  EXPECT_EQ(running.Get(std::string(1100, 'x')).code(), absl::StatusCode::kResourceExhausted);
}

TEST(RpcServerTest, CountsItsCallsByMethodAndCodeHoweverClientsNameThem) {
  telemetry::Registry registry;
  const Running running({.registry = &registry});
  EXPECT_OK(running.Get("x"));
  EXPECT_FALSE(running.Get("").ok());
  Call(running.channel, "/grpc.health.v1.Health/Check", "");
  Call(running.channel, "/kawat.v1.DedupeService/Invented17", "");
  const std::string text = registry.Render();
  EXPECT_THAT(text, HasSubstr("kawat_rpc_calls_total{code=\"OK\",method=\"DedupeService/GetDecision\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("kawat_rpc_calls_total{code=\"INVALID_ARGUMENT\",method=\"DedupeService/GetDecision\"} 1\n"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("ealth")));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("Invented17")));
}

TEST(RpcServerTest, AnAddressInUseIsSaid) {
  const Running running;
  const auto second = Server::Start({.address = running.server->address()}, {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(running.server->address()));
}

TEST(RpcServerTest, WhatIsNoAddressIsRefused) {
  EXPECT_EQ(Server::Start({.address = "7700"}, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(RpcServerTest, ShutdownCancelsWhatTakesLonger) {
  Running running;
  std::thread caller([&] { EXPECT_FALSE(running.Get("wait").ok()); });
  EXPECT_TRUE(running.service.waiting.WaitForNotificationWithTimeout(absl::Seconds(5)));
  const absl::Time begin = absl::Now();
  running.server->Shutdown(absl::Milliseconds(50));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
  caller.join();
}

}  // namespace
}  // namespace kawat::rpc
