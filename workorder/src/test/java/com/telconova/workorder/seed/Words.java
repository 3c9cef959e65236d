package com.telconova.workorder.seed;

import com.telconova.workorder.order.WorkRequest.Category;
import java.util.List;
import java.util.random.RandomGenerator;

/// What people write when they report a fault: Spanish, with a few words in many orders and many
/// words in few. The named ones are what searches are measured with.
public final class Words {
  /// In about three of ten orders.
  public static final String FREQUENT = "internet";

  /// In about one of a hundred.
  public static final String OCCASIONAL = "inundación";

  /// In about one of ten thousand.
  public static final String RARE = "murciélago";

  /// In one of a hundred, all of the first sixth of the period.
  public static final String OLD = "Canopy";

  /// In three of a hundred, all of the first tenth of the period.
  public static final String OLD_AND_FREQUENT = "WiMAX";

  /// In none.
  public static final String NOWHERE = "ornitorrinco";

  private static final List<String> SYMPTOMS =
      List.of(
          "No tiene internet desde ayer",
          "El internet se cae cada hora",
          "El internet está muy lento en las noches",
          "No hay señal de televisión",
          "El teléfono fijo no da tono",
          "La luz LOS del módem está en rojo",
          "El decodificador no enciende",
          "La imagen se congela en varios canales",
          "El wifi no llega a las habitaciones",
          "La llamada se corta al minuto");
  private static final List<String> INSTALLATIONS =
      List.of(
          "Instalar fibra de 500 megas",
          "Instalar internet y televisión",
          "Instalar línea telefónica",
          "Instalar punto adicional de televisión",
          "Instalar repetidor de wifi",
          "Traslado de internet a otra dirección");
  private static final List<String> MAINTENANCE =
      List.of(
          "Revisión anual del nodo",
          "Cambio de acometida deteriorada",
          "Medición de potencia óptica",
          "Limpieza de conectores en la caja",
          "Poda de ramas sobre el cable");
  private static final List<String> UPGRADES =
      List.of(
          "Cambio de módem por uno de fibra",
          "Subir el plan de internet a 900 megas",
          "Cambio a decodificador 4K");
  private static final List<String> DISCONNECTIONS =
      List.of("Retiro de equipos por cancelación", "Corte por mudanza del cliente");
  private static final List<String> DETAILS =
      List.of(
          "El cliente reinició el equipo dos veces y sigue igual.",
          "Llamar antes de llegar.",
          "La portería pide carné y ARL vigente.",
          "El apartamento queda en el quinto piso sin ascensor.",
          "El cable entra por la fachada posterior.",
          "La caja de distribución está en el poste de la esquina.",
          "Hay perro en el patio.",
          "El cliente trabaja desde casa y lo necesita con urgencia.",
          "Ya vino un técnico la semana pasada.",
          "Se hicieron pruebas remotas sin éxito.",
          "Potencia óptica por debajo de -27 dBm.",
          "El equipo es propiedad de la empresa.",
          "Verificar conectores y empalmes.",
          "Llevar escalera y repuestos.");
  private static final List<String> NAMES =
      List.of(
          "María", "José", "Luz", "Carlos", "Ana", "Jorge", "Sandra", "Luis", "Gloria", "Andrés",
          "Diana", "Óscar", "Paola", "Iván", "Adriana", "Germán", "Yolanda", "Hernán", "Rocío",
          "Álvaro");
  private static final List<String> SURNAMES =
      List.of(
          "Rodríguez",
          "Gómez",
          "González",
          "Martínez",
          "García",
          "López",
          "Hernández",
          "Sánchez",
          "Ramírez",
          "Pérez",
          "Díaz",
          "Muñoz",
          "Rojas",
          "Moreno",
          "Jiménez",
          "Vargas",
          "Castro",
          "Ortiz",
          "Ñáñez",
          "Quiñones",
          "Zuluaga",
          "Echeverri",
          "Bohórquez",
          "Guerrero",
          "Peña",
          "Cárdenas");
  private static final List<String> STREETS =
      List.of("Calle", "Carrera", "Avenida Calle", "Diagonal", "Transversal");

  private Words() {}

  static String title(RandomGenerator random, Category category) {
    return oneOf(
        random,
        switch (category) {
          case REPAIR -> SYMPTOMS;
          case INSTALLATION -> INSTALLATIONS;
          case MAINTENANCE -> MAINTENANCE;
          case UPGRADE -> UPGRADES;
          case DISCONNECTION -> DISCONNECTIONS;
        });
  }

  /// @param age of the order as a share of the period: 1 is the oldest
  static String description(RandomGenerator random, double age) {
    StringBuilder text = new StringBuilder(300);
    for (int sentences = 2 + random.nextInt(3); sentences > 0; sentences--) {
      text.append(oneOf(random, DETAILS)).append(' ');
    }
    if (random.nextDouble() < 0.01) {
      text.append("Hubo una ").append(OCCASIONAL).append(" en el sótano. ");
    }
    if (random.nextDouble() < 0.0001) {
      text.append("Un ").append(RARE).append(" anidó en la caja. ");
    }
    if (age > 5.0 / 6 && random.nextDouble() < 0.06) {
      text.append("La antena vieja es una ").append(OLD).append(". ");
    }
    if (age > 0.9 && random.nextDouble() < 0.3) {
      text.append("Viene de la migración ").append(OLD_AND_FREQUENT).append(". ");
    }
    return text.append("Contacto: ")
        .append(person(random))
        .append(", 3")
        .append(100_000_000 + random.nextInt(300_000_000))
        .append('.')
        .toString();
  }

  static String person(RandomGenerator random) {
    // The first of the list are the usual ones.
    int surname = (int) (SURNAMES.size() * Math.pow(random.nextDouble(), 1.7));
    return oneOf(random, NAMES) + " " + SURNAMES.get(surname) + " " + oneOf(random, SURNAMES);
  }

  static String address(RandomGenerator random, Zone zone) {
    return "%s %d%s # %d-%d, %s, %s"
        .formatted(
            oneOf(random, STREETS),
            1 + random.nextInt(190),
            random.nextInt(6) == 0 ? String.valueOf((char) ('A' + random.nextInt(4))) : "",
            1 + random.nextInt(120),
            1 + random.nextInt(99),
            oneOf(random, zone.quarters()),
            zone.city());
  }

  static <T> T oneOf(RandomGenerator random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
