// The ACL table of docs/operations.md on a broker with TLS, certificates, passwords and the authorizer: each program
// does its work with these rights, and says which one it lacks.
#include <gmock/gmock.h>
#include <librdkafka/rdkafka.h>

#include <array>

#include "bus/kafka/client.h"
#include "bus/open/open.h"
#include "tests/integration/kafka/kafka_fixture.h"
#include "tests/support/kafka/secured_broker.h"

namespace kawat::bus {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Acl = kafka::Owned<rd_kafka_AclBinding_t, rd_kafka_AclBinding_destroy>;

struct Rights {
  std::string user;
  std::string group;
  std::vector<std::string_view> reads;
  std::vector<std::string_view> writes;
};

// As docs/operations.md has it.
const std::vector<Rights>& Table() {
  static const auto* const table = new std::vector<Rights>{
      {"kawat-fetch", "kawat-fetch", {kSources, kLinks}, {kSources, kLinks, kPages, kDeadLetters}},
      {"kawat-parse", "kawat-parse", {kPages}, {kLinks, kParsed, kDeadLetters}},
      {"kawat-dedupe", "kawat-dedupe", {kParsed}, {kArticles, kDeadLetters}},
      {"kawat-store", "kawat-store", {kArticles, kSources}, {kDeadLetters}},
  };
  return *table;
}

constexpr char kJob[] = "kawat-topics";
constexpr char kBlind[] = "blind";             // may see topics, but not their settings
constexpr char kNobody[] = "nobody";           // may do nothing
constexpr char kByPassword[] = "by-password";  // may do what parse may, and comes in by password

// One broker for all tests: it takes seconds to come up.
class KafkaAclTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<std::string> users = {kJob, kBlind, kNobody, kByPassword};
    for (const Rights& rights : Table()) {
      users.push_back(rights.user);
    }
    auto broker = support::SecuredBroker::Start(users);
    ASSERT_OK(broker);
    broker_ = broker->release();
    GrantAll();
    ASSERT_OK_AND_ASSIGN(const auto bus, Open(kJob));
    ASSERT_OK(bus->CreateMissingTopics(Topics(4, 0)));
  }
  static void TearDownTestSuite() { delete std::exchange(broker_, nullptr); }

  static absl::StatusOr<std::unique_ptr<KafkaBus>> Open(std::string_view user) {
    static const base::Shutdown* const shutdown = new base::Shutdown;
    return OpenKafka(broker_->ByCertificate(user), *shutdown, kPatience);
  }

  static void Add(std::vector<Acl>& acls, const std::string& principal, rd_kafka_ResourceType_t type,
                  std::string_view name, rd_kafka_AclOperation_t operation, bool prefix = false) {
    std::array<char, 256> why{};
    acls.emplace_back(rd_kafka_AclBinding_new(
        type, std::string(name).c_str(),
        prefix ? RD_KAFKA_RESOURCE_PATTERN_PREFIXED : RD_KAFKA_RESOURCE_PATTERN_LITERAL, principal.c_str(), "*",
        operation, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, why.data(), why.size()));
    ASSERT_NE(acls.back(), nullptr) << why.data();
  }

  static void AddRights(std::vector<Acl>& acls, const Rights& rights, const char* kind = "User:CN=") {
    const std::string principal = kind + rights.user;
    for (const std::string_view topic : rights.reads) {
      Add(acls, principal, RD_KAFKA_RESOURCE_TOPIC, topic, RD_KAFKA_ACL_OPERATION_READ);
    }
    for (const std::string_view topic : rights.writes) {
      Add(acls, principal, RD_KAFKA_RESOURCE_TOPIC, topic, RD_KAFKA_ACL_OPERATION_WRITE);
    }
    Add(acls, principal, RD_KAFKA_RESOURCE_GROUP, rights.group, RD_KAFKA_ACL_OPERATION_READ);
    Add(acls, principal, RD_KAFKA_RESOURCE_GROUP, "kawat-observer", RD_KAFKA_ACL_OPERATION_DESCRIBE);
    for (const auto operation : {RD_KAFKA_ACL_OPERATION_DESCRIBE, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS}) {
      Add(acls, principal, RD_KAFKA_RESOURCE_TOPIC, "kawat.", operation, true);
    }
  }

  static void GrantAll() {
    std::vector<Acl> acls;
    for (const Rights& rights : Table()) {
      AddRights(acls, rights);
    }
    Rights by_password = Table()[1];
    by_password.user = kByPassword;
    AddRights(acls, by_password, "User:");
    Add(acls, "User:CN=kawat-fetch", RD_KAFKA_RESOURCE_GROUP, "kawat-parse", RD_KAFKA_ACL_OPERATION_DESCRIBE);
    for (const auto operation : {RD_KAFKA_ACL_OPERATION_DESCRIBE, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS,
                                 RD_KAFKA_ACL_OPERATION_CREATE, RD_KAFKA_ACL_OPERATION_ALTER_CONFIGS}) {
      Add(acls, std::string("User:CN=") + kJob, RD_KAFKA_RESOURCE_TOPIC, "kawat.", operation, true);
    }
    Add(acls, std::string("User:CN=") + kBlind, RD_KAFKA_RESOURCE_TOPIC, "kawat.", RD_KAFKA_ACL_OPERATION_DESCRIBE,
        true);
    Create(acls);
  }

  // By the admin; waits until the cluster has them.
  static void Create(const std::vector<Acl>& acls) {
    ASSERT_OK_AND_ASSIGN(kafka::Conf conf, kafka::NewConf(broker_->ByCertificate(support::SecuredBroker::kAdmin), {}));
    ASSERT_OK_AND_ASSIGN(const kafka::Client admin, kafka::Client::New(RD_KAFKA_PRODUCER, std::move(conf), nullptr));
    std::vector<rd_kafka_AclBinding_t*> raw;
    for (const Acl& acl : acls) {
      raw.push_back(acl.get());
    }
    const kafka::Queue queue(rd_kafka_queue_new(admin.get()));
    rd_kafka_CreateAcls(admin.get(), raw.data(), raw.size(), nullptr, queue.get());
    const kafka::Event event(rd_kafka_queue_poll(queue.get(), kafka::Millis(kPatience)));
    ASSERT_NE(event, nullptr);
    ASSERT_EQ(rd_kafka_event_error(event.get()), RD_KAFKA_RESP_ERR_NO_ERROR)
        << rd_kafka_event_error_string(event.get());
    std::size_t count = 0;
    const rd_kafka_acl_result_t** results =
        rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(rd_kafka_acl_result_error(results[i]), nullptr)
          << rd_kafka_error_string(rd_kafka_acl_result_error(results[i]));
    }
  }

  static absl::Status SendTo(Bus& bus, std::string_view topic) {
    absl::StatusOr<std::unique_ptr<Producer>> producer = bus.NewProducer();
    if (!producer.ok()) {
      return producer.status();
    }
    const Record record = MakeRecord(std::string(topic), 0, "key", "value");
    absl::Status status = (*producer)->Send({&record, 1});
    return status.ok() ? (*producer)->Flush(kPatience) : status;
  }

  // Reads as a stage with state does: static assignment, look-ups, commit.
  static absl::Status ReadFrom(Bus& bus, const std::string& group, std::string_view topic) {
    absl::StatusOr<std::unique_ptr<Consumer>> consumer = bus.NewConsumer(group);
    if (!consumer.ok()) {
      return consumer.status();
    }
    const Position start{.topic = std::string(topic), .partition = 0, .offset = 0};
    if (absl::Status status = (*consumer)->Assign({&start, 1}); !status.ok()) {
      return status;
    }
    if (const auto records = PollAll(**consumer, 1); !records.ok()) {
      return records.status();
    }
    if (const auto record = (*consumer)->ReadAt({start.topic, 0}, 0); !record.ok()) {
      return record.status();
    }
    return (*consumer)->Commit({&start, 1});
  }

  static void ExpectDenied(const absl::Status& status, const std::string& right, std::string_view resource) {
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr(right), HasSubstr(std::string(resource))));
  }

  static inline support::SecuredBroker* broker_ = nullptr;
};

TEST_F(KafkaAclTest, EachServiceDoesItsWorkWithItsRights) {
  for (const Rights& rights : Table()) {
    SCOPED_TRACE(rights.user);
    ASSERT_OK_AND_ASSIGN(const auto bus, Open(rights.user));
    EXPECT_OK(CheckTopics(*bus, Topics(4, 1)));
    for (const std::string_view topic : rights.writes) {
      EXPECT_OK(SendTo(*bus, topic)) << topic;
    }
  }
  for (const Rights& rights : Table()) {
    SCOPED_TRACE(rights.user);
    ASSERT_OK_AND_ASSIGN(const auto bus, Open(rights.user));
    for (const std::string_view topic : rights.reads) {
      EXPECT_OK(ReadFrom(*bus, rights.group, topic)) << topic;
    }
  }
}

TEST_F(KafkaAclTest, ParseReadsAsAMemberOfItsGroup) {
  ASSERT_OK_AND_ASSIGN(const auto fetch, Open("kawat-fetch"));
  ASSERT_OK(SendTo(*fetch, kPages));
  ASSERT_OK_AND_ASSIGN(const auto bus, Open("kawat-parse"));
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus->NewConsumer("kawat-parse"));
  const std::string topics[] = {std::string(kPages)};
  ASSERT_OK(consumer->Subscribe(topics));
  ASSERT_OK_AND_ASSIGN(const std::vector<Record> records, PollAll(*consumer, 1));
  ASSERT_FALSE(records.empty());
  const Position done{.topic = std::string(kPages), .partition = 0, .offset = 1};
  EXPECT_OK(consumer->Commit({&done, 1}));
  ASSERT_OK_AND_ASSIGN(const auto committed, bus->Committed("kawat-parse", {std::string(kPages), 0}));
  EXPECT_EQ(committed, 1);
}

TEST_F(KafkaAclTest, FetchMaySeeHowFarParseIs) {
  ASSERT_OK_AND_ASSIGN(const auto fetch, Open("kawat-fetch"));
  EXPECT_OK(fetch->IsBackedUp(kPages, "kawat-parse"));
  ASSERT_OK_AND_ASSIGN(const auto store, Open("kawat-store"));
  ExpectDenied(store->IsBackedUp(kPages, "kawat-parse").status(), "Describe", "group kawat-parse");
}

TEST_F(KafkaAclTest, AMissingRightIsNamedWithItsTopic) {
  ASSERT_OK_AND_ASSIGN(const auto store, Open("kawat-store"));
  ExpectDenied(SendTo(*store, kPages), "Write", kPages);
  ASSERT_OK_AND_ASSIGN(const auto parse, Open("kawat-parse"));
  ExpectDenied(ReadFrom(*parse, "kawat-parse", kArticles), "Read", kArticles);
  const TopicSpec extra{.name = "kawat.extra"};
  ExpectDenied(parse->CreateMissingTopics({&extra, 1}).status(), "Create", "kawat.extra");
  ExpectDenied(parse->ChangeTopic(std::string(kPages), {{"retention.ms", "-1"}}), "AlterConfigs", kPages);
  ASSERT_OK_AND_ASSIGN(const auto nobody, Open(kNobody));
  ExpectDenied(nobody->PartitionCount(kPages).status(), "Describe", kPages);
  ExpectDenied(CheckTopics(*nobody, Topics(4, 1)), "Describe", "kawat.");
  ASSERT_OK_AND_ASSIGN(const auto blind, Open(kBlind));
  ExpectDenied(SendTo(*blind, kPages), "Write", "topics");
}

TEST_F(KafkaAclTest, AGroupOfSomebodyElsesIsRefused) {
  ASSERT_OK_AND_ASSIGN(const auto parse, Open("kawat-parse"));
  ASSERT_OK_AND_ASSIGN(const auto consumer, parse->NewConsumer("kawat-store"));
  const std::string topics[] = {std::string(kPages)};
  ASSERT_OK(consumer->Subscribe(topics));
  ExpectDenied(PollAll(*consumer, 1).status(), "Read", "group kawat-store");
}

TEST_F(KafkaAclTest, AServiceThatMayNotSeeSettingsGoesOn) {
  ASSERT_OK_AND_ASSIGN(const auto bus, Open(kBlind));
  EXPECT_OK(CheckTopics(*bus, Topics(4, 1)));
}

TEST_F(KafkaAclTest, TheJobChangesSettings) {
  ASSERT_OK_AND_ASSIGN(const auto bus, Open(kJob));
  EXPECT_OK(bus->ChangeTopic(std::string(kDeadLetters), {{"retention.ms", "2592000001"}}));
}

TEST_F(KafkaAclTest, APasswordComesInWithoutACertificate) {
  const base::Shutdown shutdown;
  for (const char* mechanism : {"PLAIN", "SCRAM-SHA-512"}) {
    SCOPED_TRACE(mechanism);
    ASSERT_OK_AND_ASSIGN(const auto bus, OpenKafka(broker_->ByPassword(kByPassword, mechanism), shutdown, kPatience));
    EXPECT_OK(SendTo(*bus, kParsed));
    ExpectDenied(SendTo(*bus, kArticles), "Write", kArticles);
  }
}

TEST_F(KafkaAclTest, WhoDoesNotComeInIsToldWhyWithoutThePassword) {
  const base::Shutdown shutdown;
  for (const char* mechanism : {"PLAIN", "SCRAM-SHA-512"}) {
    KafkaOptions wrong = broker_->ByPassword(kNobody, mechanism);
    wrong.security.password_file = broker_->File("kawat-fetch.password");
    const absl::Status password = OpenKafka(wrong, shutdown, absl::Seconds(3)).status();
    EXPECT_EQ(password.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(
        std::string(password.message()),
        AllOf(HasSubstr("uthentication failed"), Not(HasSubstr(support::SecuredBroker::PasswordOf("kawat-fetch")))))
        << mechanism;
  }
  KafkaOptions stranger = broker_->ByCertificate(kNobody);
  stranger.security.ca_file = broker_->File("stranger.crt");
  const absl::Status authority = OpenKafka(stranger, shutdown, absl::Seconds(3)).status();
  EXPECT_EQ(authority.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(authority.message()), HasSubstr("certificate"));
}

}  // namespace
}  // namespace kawat::bus
