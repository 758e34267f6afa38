// A real broker that lets nobody in without a password or a certificate and nobody do what its ACLs do not allow: TLS
// with an authority of its own, client certificates or passwords (SCRAM-SHA-512, PLAIN), KRaft's authorizer.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bus/kafka/kafka.h"
#include "tests/support/kafka/broker.h"

namespace kawat::support {

// Threads: as KafkaBroker.
class SecuredBroker {
 public:
  static constexpr std::string_view kAdmin = "admin";  // may do all

  // Each of `users` has a certificate, with which it is "User:CN=NAME", and a password, with which it is "User:NAME".
  // Needs openssl.
  static absl::StatusOr<std::unique_ptr<SecuredBroker>> Start(std::vector<std::string> users);

  // How `user` comes in, with files as Strimzi's secrets have them. `mechanism`: "PLAIN", "SCRAM-SHA-512".
  bus::KafkaOptions ByCertificate(std::string_view user) const;
  bus::KafkaOptions ByPassword(std::string_view user, std::string_view mechanism) const;
  static std::string PasswordOf(std::string_view user);

  std::string File(std::string_view name) const { return (folder_.path() / name).string(); }

 private:
  SecuredBroker() = default;
  absl::Status MakeCertificates(const std::vector<std::string>& users);
  std::string Settings(const std::vector<std::string>& users) const;

  TempFolder folder_;
  std::unique_ptr<KafkaBroker> broker_;
};

}  // namespace kawat::support
