package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.shared.event.Event;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class EventCatalogueTest {
  private final EventCatalogue catalogue = EventCatalogue.load();

  @Test
  void every_documented_example_is_as_its_schema_says() {
    assertThat(catalogue.types()).isNotEmpty();
    for (String type : catalogue.types()) {
      assertThat(catalogue.example(type).type()).isEqualTo(type);
      assertThat(catalogue.faults(catalogue.example(type))).isEmpty();
    }
  }

  @Test
  void who_receives_what_is_the_same_in_the_catalogue_and_in_the_filter_policies() {
    for (String publisher : Topology.SERVICES) {
      for (String consumer : Topology.SERVICES) {
        assertThat(catalogue.received(publisher, consumer))
            .as("from %s to %s", publisher, consumer)
            .isEqualTo(new TreeSet<>(Topology.types(publisher, consumer)));
      }
    }
  }

  @Test
  void every_event_has_one_publisher() {
    Set<String> published = new TreeSet<>();
    int count = 0;
    for (String service : Topology.SERVICES) {
      published.addAll(catalogue.publishedBy(service));
      count += catalogue.publishedBy(service).size();
    }

    assertThat(published).isEqualTo(catalogue.types()).hasSize(count);
  }

  @Test
  void a_field_that_is_missing_wrong_or_undocumented_is_a_fault() {
    assertThat(faultsWith(data -> data.remove("code"))).isNotEmpty();
    assertThat(faultsWith(data -> data.put("version", "2"))).isNotEmpty();
    assertThat(faultsWith(data -> data.put("colour", "red"))).isNotEmpty();
    assertThat(faultsWith(data -> data.withObject("/resolution").put("colour", "red")))
        .isNotEmpty();
    assertThat(faultsWith(data -> data.put("customerId", "me"))).isNotEmpty();
    assertThat(faultsWith(data -> data)).isEmpty();
  }

  private interface Change {
    Object to(ObjectNode data);
  }

  private List<String> faultsWith(Change change) {
    Event example = catalogue.example("order.completed");
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.setAll((ObjectNode) example.data().deepCopy());
    change.to(data);
    return catalogue.faults(
        new Event(
            example.id(),
            example.source(),
            example.type(),
            example.subject(),
            example.time(),
            example.sequence(),
            example.traceparent(),
            data));
  }
}
