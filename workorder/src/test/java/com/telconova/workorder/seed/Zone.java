package com.telconova.workorder.seed;

import java.util.List;
import java.util.random.RandomGenerator;

/// A service area, and how large its share of the work is.
///
/// @param share of all orders; those of [#ALL] add up to 1
record Zone(
    String name,
    String city,
    List<String> quarters,
    double latitude,
    double longitude,
    double share) {
  /// From the busiest to one that hardly ever has an order.
  static final List<Zone> ALL =
      List.of(
          of("BOG-NORTE", "Bogotá", "Usaquén,Cedritos,Suba", 4.72, -74.04, 0.2),
          of("BOG-OCCIDENTE", "Bogotá", "Fontibón,Engativá,Modelia", 4.69, -74.12, 0.14),
          of("BOG-SUR", "Bogotá", "Kennedy,Bosa,Tunal", 4.59, -74.14, 0.11),
          of("BOG-CENTRO", "Bogotá", "Chapinero,Teusaquillo,La Candelaria", 4.63, -74.07, 0.09),
          of("MED-POBLADO", "Medellín", "El Poblado,Provenza,Castropol", 6.21, -75.57, 0.08),
          of("MED-NORTE", "Medellín", "Aranjuez,Castilla,Robledo", 6.29, -75.57, 0.07),
          of("CALI-SUR", "Cali", "Ciudad Jardín,Meléndez,El Ingenio", 3.37, -76.53, 0.06),
          of("CALI-NORTE", "Cali", "Versalles,La Flora,Chipichape", 3.47, -76.52, 0.05),
          of("BAQ-NORTE", "Barranquilla", "Alto Prado,Villa Santos,El Golf", 11.01, -74.82, 0.04),
          of("BAQ-CENTRO", "Barranquilla", "El Prado,Boston,Rebolo", 10.97, -74.79, 0.035),
          of("CTG", "Cartagena", "Manga,Bocagrande,Crespo", 10.4, -75.53, 0.03),
          of("BGA", "Bucaramanga", "Cabecera,Provenza,Real de Minas", 7.12, -73.11, 0.025),
          of("PEI", "Pereira", "Álamos,Pinares,Cuba", 4.81, -75.69, 0.02),
          of("CUC", "Cúcuta", "Caobos,La Riviera,Guaimaral", 7.89, -72.5, 0.015),
          of("IBE", "Ibagué", "Cádiz,La Pola,Picaleña", 4.44, -75.23, 0.012),
          of("MZL", "Manizales", "Palermo,Chipre,Milán", 5.06, -75.5, 0.01),
          of("VVC", "Villavicencio", "Barzal,La Esperanza,Catumare", 4.14, -73.63, 0.007),
          of("PSO", "Pasto", "Morasurco,Las Cuadras,Pandiaco", 1.21, -77.28, 0.004),
          of("LET", "Leticia", "Centro,La Esperanza,Porvenir", -4.21, -69.94, 0.0015),
          of("ADZ", "San Andrés", "San Luis,La Loma,North End", 12.58, -81.7, 0.0005));

  private static Zone of(
      String name, String city, String quarters, double latitude, double longitude, double share) {
    return new Zone(name, city, List.of(quarters.split(",")), latitude, longitude, share);
  }

  /// One of them, as often as its share says.
  static int pick(RandomGenerator random) {
    double at = random.nextDouble();
    for (int zone = 0; zone < ALL.size() - 1; zone++) {
      at -= ALL.get(zone).share();
      if (at < 0) {
        return zone;
      }
    }
    return ALL.size() - 1;
  }
}
