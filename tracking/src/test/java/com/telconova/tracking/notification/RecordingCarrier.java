package com.telconova.tracking.notification;

import com.telconova.tracking.notification.carrier.Carrier;
import com.telconova.tracking.notification.carrier.Outcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Takes everything.
final class RecordingCarrier implements Carrier {
  final List<Parcel> parcels = new CopyOnWriteArrayList<>();

  @Override
  public Outcome carry(Parcel parcel) {
    parcels.add(parcel);
    return new Outcome.Sent();
  }

  @Override
  public void disconnect() {}
}
