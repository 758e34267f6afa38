// What the tests of the embedded log need a process of its own for: log_child write|full|readonly FOLDER. Answers on
// standard output.
//
// write: sends record after record, from two producers, and says "PRODUCER NUMBER" once that one and all before it are
// acknowledged.
#include <sys/mount.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status.h"
#include "bus/embedded/embedded_bus.h"
#include "tests/support/small_disk.h"

namespace kawat::bus {
namespace {

void Say(std::string_view line) {
  const std::string whole = absl::StrCat(std::string(line), "\n");
  std::fwrite(whole.data(), 1, whole.size(), stdout);
  std::fflush(stdout);
}

absl::StatusOr<std::unique_ptr<Bus>> OpenWithTopic(const std::string& folder) {
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<Bus> bus, OpenEmbedded(folder, base::SystemClock()));
  const TopicSpec topic{.name = "t", .partitions = 2, .retention = absl::InfiniteDuration()};
  KAWAT_RETURN_IF_ERROR(bus->CreateMissingTopics(std::vector{topic}).status());
  return bus;
}

// Record `number` of a producer: its length and bytes follow from its name, so that a reader knows a torn one.
Record Numbered(int producer, int number) {
  Record record;
  record.topic = "t";
  record.partition = producer;
  record.key = absl::StrCat(producer, "/", number);
  record.value = absl::StrCat(
      record.key, std::string(static_cast<std::size_t>(number * 37 % 6000), static_cast<char>('a' + number % 26)));
  return record;
}

absl::Status WriteForEver(Bus& bus, int producer_number) {
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<Consumer> consumer, bus.NewConsumer("counter"));
  KAWAT_ASSIGN_OR_RETURN(const OffsetRange range, consumer->Range({"t", producer_number}));
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<Producer> producer, bus.NewProducer());
  for (int number = static_cast<int>(range.end);;) {
    std::vector<Record> records;
    for (int i = 0; i < 1 + number % 5; ++i) {
      records.push_back(Numbered(producer_number, number++));
    }
    KAWAT_RETURN_IF_ERROR(producer->Send(records));
    KAWAT_RETURN_IF_ERROR(producer->Flush(absl::Seconds(30)));
    Say(absl::StrCat(producer_number, " ", number - 1));
  }
}

absl::Status FillUp(Bus& bus) {
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<Producer> producer, bus.NewProducer());
  std::mt19937 random(1);
  Record record = Numbered(0, 0);
  record.value = std::string(100'000, '\0');
  while (true) {
    std::generate(record.value->begin(), record.value->end(), [&] { return static_cast<char>(random()); });
    KAWAT_RETURN_IF_ERROR(producer->Send(std::vector{record}));
    KAWAT_RETURN_IF_ERROR(producer->Flush(absl::Seconds(30)));
  }
}

absl::Status Run(std::string_view command, const std::string& folder) {
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<Bus> bus, OpenWithTopic(folder));
  if (command != "write") {
    return FillUp(*bus);
  }
  std::thread second([&] { Say(WriteForEver(*bus, 1).ToString()); });
  absl::Status status = WriteForEver(*bus, 0);
  second.join();
  return status;
}

}  // namespace
}  // namespace kawat::bus

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  const std::string_view command = argv[1];
  const std::string folder = argv[2];
  if (command != "write" &&
      !kawat::support::MountSmallDisk(folder, "size=40m", command == "readonly" ? MS_RDONLY : 0)) {
    kawat::bus::Say("not allowed");
    return 0;
  }
  kawat::bus::Say(kawat::bus::Run(command, folder).ToString());
  return 0;
}
