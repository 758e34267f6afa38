// The parse service on a log in memory: pages become articles, gRPC answers, a stop is clean.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <thread>

#include "article/codec.h"
#include "bus/topics.h"
#include "kawat/v1/parse_service.grpc.pb.h"
#include "services/parse/service.h"
#include "tests/support/memory_bus.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"

namespace kawat::parse {
namespace {

constexpr std::string_view kArticle =
    "<html lang=en><title>Harbour opens again</title><body><article><h1>Harbour opens again</h1><p>The harbour of the "
    "old town opened again on "
    "Monday, a year after the storm had closed it, and the first ships came in before noon.</p><p>Fishermen had waited "
    "for the day, said the "
    "harbour master, who had counted every week.</p></article></body></html>";

class ParseServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(bus_.CreateMissingTopics(bus::Topics(2, 1)));
    ASSERT_OK_AND_ASSIGN(
        service_, Service::Create({.data = folder_.path().string(), .grpc = "127.0.0.1:0", .metrics = "127.0.0.1:0"},
                                  bus_, base::SystemClock(), registry_));
    runner_ = std::thread([this] { status_ = service_->Run(shutdown_); });
  }

  void TearDown() override {
    shutdown_.Request();
    if (runner_.joinable()) {
      runner_.join();
    }
    EXPECT_OK(status_);
  }

  grpc::Status Ask(const v1::ParsePageRequest& request, v1::ParsePageResponse& response) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxSendMessageSize(16 << 20);
    const auto channel =
        grpc::CreateCustomChannel(service_->grpc_address(), grpc::InsecureChannelCredentials(), arguments);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return v1::ParseService::NewStub(channel)->ParsePage(&context, request, &response);
  }

  support::TempFolder folder_;
  support::MemoryBus bus_{base::SystemClock()};
  telemetry::Registry registry_;
  base::Shutdown shutdown_;
  std::unique_ptr<Service> service_;
  absl::Status status_;
  std::thread runner_;
};

TEST_F(ParseServiceTest, PagesBecomeArticles) {
  bus_.Append({.topic = std::string(bus::kPages),
               .key = "outlet.example",
               .value = article::Encode(article::Page{.url = "https://outlet.example/story",
                                                      .status = 200,
                                                      .headers = {{"content-type", "text/html"}},
                                                      .seq = 1,
                                                      .fetched_time = absl::FromUnixSeconds(1'750'000'000),
                                                      .source_id = "outlet",
                                                      .body = std::string(kArticle)})});
  ASSERT_TRUE(support::WaitUntil([&] { return bus_.Records(bus::kParsed).size() == 1; })) << "no article";
}

TEST_F(ParseServiceTest, ParsePageAnswersWithTheTrace) {
  v1::ParsePageRequest request;
  request.set_url("https://outlet.example/story");
  request.set_content_type("text/html");
  request.set_body(std::string(kArticle));
  v1::ParsePageResponse response;
  const grpc::Status status = Ask(request, response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.outcome(), v1::OUTCOME_KIND_ARTICLE);
  EXPECT_EQ(response.article().title(), "Harbour opens again");
  EXPECT_GT(response.trace_size(), 2);
}

TEST_F(ParseServiceTest, ParsePageNamesTheFieldThatIsWrong) {
  v1::ParsePageRequest request;
  v1::ParsePageResponse response;
  EXPECT_EQ(Ask(request, response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_url("https://outlet.example/story");
  request.set_body(std::string((5 << 20) + 1, 'x'));
  const grpc::Status status = Ask(request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("body"), std::string::npos);
}

}  // namespace
}  // namespace kawat::parse
