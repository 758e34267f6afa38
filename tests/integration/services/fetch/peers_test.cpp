// Two instances of fetch on one log: what one does not have, it asks the other.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "bus/open/open.h"
#include "kawat/v1/fetch_service.grpc.pb.h"
#include "services/fetch/service.h"
#include "tests/support/free_address.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::fetch {
namespace {

using ::testing::HasSubstr;

constexpr int kInstances = 2;

class FetchPeersTest : public ::testing::Test {
 protected:
  struct Instance {
    telemetry::Registry registry;
    base::Shutdown shutdown;
    std::unique_ptr<Service> service;
    std::unique_ptr<v1::FetchService::Stub> stub;
    std::thread thread;

    Instance() = default;
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    ~Instance() {
      shutdown.Request();
      thread.join();
    }
  };

  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(bus_, bus::Open({}, folder_.path(), base::SystemClock(), shutdown_));
    for (int i = 0; i < kInstances; ++i) {
      peers_.push_back(support::FreeAddress());
    }
  }
  std::unique_ptr<Instance> Start(int number, const std::vector<std::string>& peers) {
    auto instance = std::make_unique<Instance>();
    Config config;
    config.data = folder_.path() / absl::StrCat("fetch", number);
    config.grpc = peers_[static_cast<std::size_t>(number)];
    config.metrics = "127.0.0.1:0";
    config.instance = number;
    config.instances = kInstances;
    config.peers = peers;
    auto service = Service::Create(config, *bus_, base::SystemClock(), instance->registry);
    EXPECT_OK(service);
    instance->service = *std::move(service);
    Instance* const started = instance.get();
    instance->thread = std::thread([started] { EXPECT_OK(started->service->Run(started->shutdown)); });
    instance->stub = v1::FetchService::NewStub(grpc::CreateChannel(config.grpc, grpc::InsecureChannelCredentials()));
    return instance;
  }

  // How often each answer came to questions of hosts in all shards.
  static std::map<grpc::StatusCode, int> Ask(Instance& instance, std::string* message = nullptr,
                                             bool forwarded = false) {
    std::map<grpc::StatusCode, int> codes;
    for (int i = 0; i < 16; ++i) {
      v1::GetUrlStateRequest request;
      request.set_url(absl::StrCat("https://h", i, ".example/a"));
      v1::GetUrlStateResponse response;
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
      if (forwarded) {
        context.AddMetadata("kawat-forwarded", "1");
      }
      const grpc::Status status = instance.stub->GetUrlState(&context, request, &response);
      ++codes[status.error_code()];
      if (message != nullptr && status.error_code() != grpc::StatusCode::NOT_FOUND) {
        *message = status.error_message();
      }
    }
    return codes;
  }

  support::TempFolder folder_;
  base::Shutdown shutdown_;
  std::unique_ptr<bus::Bus> bus_;
  std::vector<std::string> peers_;
};

TEST_F(FetchPeersTest, EitherAnswersForBothAndSaysWhoIsAway) {
  auto first = Start(0, peers_);
  auto second = Start(1, peers_);
  EXPECT_EQ(Ask(*first)[grpc::StatusCode::NOT_FOUND], 16);
  EXPECT_EQ(Ask(*second)[grpc::StatusCode::NOT_FOUND], 16);
  second.reset();
  std::string message;
  auto codes = Ask(*first, &message);
  EXPECT_EQ(codes[grpc::StatusCode::UNAVAILABLE] + codes[grpc::StatusCode::NOT_FOUND], 16);
  EXPECT_GT(codes[grpc::StatusCode::UNAVAILABLE], 0);
  EXPECT_GT(codes[grpc::StatusCode::NOT_FOUND], 0);
  EXPECT_THAT(message, HasSubstr(peers_[1]));
}

TEST_F(FetchPeersTest, WhatIsForwardedIsNotForwardedAgain) {
  const std::vector<std::string> wrong = {peers_[1], peers_[0]};  // each would ask itself
  auto first = Start(0, wrong);
  auto second = Start(1, wrong);
  for (const bool forwarded : {false, true}) {
    auto codes = Ask(*first, nullptr, forwarded);
    EXPECT_GT(codes[grpc::StatusCode::FAILED_PRECONDITION], 0);
    EXPECT_EQ(codes[grpc::StatusCode::FAILED_PRECONDITION] + codes[grpc::StatusCode::NOT_FOUND], 16);
  }
}

TEST_F(FetchPeersTest, WithoutPeersItAnswersForItsOwn) {
  auto first = Start(0, {});
  EXPECT_GT(Ask(*first)[grpc::StatusCode::FAILED_PRECONDITION], 0);
}

}  // namespace
}  // namespace kawat::fetch
