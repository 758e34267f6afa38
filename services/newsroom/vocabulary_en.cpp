#include "services/newsroom/vocabulary.h"

namespace kawat::newsroom {

const Vocabulary& English() {
  static const Vocabulary vocabulary{
      .language = "en",
      .between_sentences = " ",
      .places = {"Port Linden", "Eastmere", "Cold Harbour", "Ashby Falls", "Wexcombe", "Greyhaven", "Millbrook",
                 "St Orlan", "Dunmarrow", "Fairwater", "Northgate", "Pinecliff", "Saltby", "Oakminster", "Redmoor"},
      .orgs = {"the harbour board", "the regional rail operator", "the city council", "the fishing cooperative",
               "the water company", "the university's climate lab", "the teachers' union", "the hospital trust",
               "the growers' association", "the lighthouse museum", "the bus workers' committee", "the housing charity",
               "the weather service"},
      .topics = {"the night ferry", "the flood wall", "a shorter school day", "the old cotton mill",
                 "cheaper bus passes", "the winter market", "a new tram line", "the oyster beds",
                 "rooftop solar panels", "the river clean-up", "the lending library", "the stadium roof",
                 "free music lessons", "the cliff path", "the grain terminal", "a second runway", "the bread price"},
      .roles = {"chief engineer", "spokeswoman", "deputy mayor", "head of research", "project manager", "treasurer",
                "volunteer leader"},
      .days = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
      .given_names = {"Alice", "Tom", "Priya", "Marcus", "Helen", "Owen", "Grace", "Daniel", "Nora", "Isaac", "Fiona",
                      "Ruben", "Clara", "Peter"},
      .family_names = {"Hartley", "Okafor", "Lindqvist", "Marsh", "Delgado", "Whitcombe", "Iyer", "Brennan", "Sutter",
                       "Novak", "Pemberton", "Quill"},
      .sections = {"National", "Business", "Sport", "Culture"},
      .between_names = " ",
      .titles = {"Plan for {topic} divides {place}", "{place} votes to keep {topic} after {n} letters",
                 "Why {place} can't stop talking about {topic}", "{topic} to cost {m} million more, {place} is told",
                 "\"It was time\": {place} gets its say on {topic}", "Volunteers & engineers save {topic} in {place}"},
      .sentences =
          {"On {day} {org} said that work on {topic} would begin within {m} weeks if the money was found.",
           "According to {person}, the {role}, more than {n} households had already asked to take part.",
           "Residents of {place} filled the town hall for {m} hours to hear what would happen to {topic}.",
           "“We have waited long enough for a decision about {topic},” {person} told reporters outside the meeting.",
           "A report published on {day} counted {n} complaints, most of them about noise and late deliveries.",
           "Heavy rain had closed the coast road near {place} for {m} days and delayed the first inspections.",
           "Shopkeepers hope that the change will bring back the visitors they lost during the last two winters.",
           "The budget has grown by {m} per cent since spring, and nobody expects it to shrink before the autumn.",
           "{person}, who has worked as a {role} for years, called the proposal careful rather than bold.",
           "Last year a similar plan failed because the ministry did not answer {n} questions in time.",
           "Children from three schools in {place} painted posters and read their own poems about {topic}.",
           "Officials checked {n} sites along the river and found that only a handful needed urgent repairs.",
           "In a letter to members, {org} promised to publish its figures every {m} months from now on.",
           "Opponents argue that {topic} would serve people who live far away from {place} and pay no tax there.",
           "The next public meeting is planned for {day}, and organisers expect about {n} people to come.",
           "Researchers found that traffic fell by {m} per cent when a trial was held over one summer weekend.",
           "“If everything goes well, you will see the result before the holidays,” said {person} with a smile.",
           "A small group of neighbours in {place} now keeps watch over {topic} on weekends and after dark.",
           "Training will be offered without charge to the first {n} applicants, {org} added in a statement.",
           "Roads around the site will be closed from {m} in the morning while heavy machines are brought in.",
           "A survey of {n} homes showed strong support near the water and rather less of it on the hills.",
           "Police said that the evening passed quietly and that no incidents were reported anywhere in {place}.",
           "The final study of {topic} will go to the council before anyone else is allowed to read it.",
           "For the people of {place} the matter is simple: they want to know who pays and when it opens."},
  };
  return vocabulary;
}

const Vocabulary& VocabularyOf(std::string_view language) {
  if (language == "id") {
    return Indonesian();
  }
  return language == "ja" ? Japanese() : English();
}

}  // namespace kawat::newsroom
