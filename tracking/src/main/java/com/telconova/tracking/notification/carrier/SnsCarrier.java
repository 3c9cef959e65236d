package com.telconova.tracking.notification.carrier;

import com.telconova.tracking.recipient.Channel;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InternalErrorException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.SnsException;

/// Sends short texts by SNS: to a phone number, or to the endpoint of an app.
public final class SnsCarrier implements Carrier {
  private static final Map<String, MessageAttributeValue> TRANSACTIONAL =
      Map.of(
          "AWS.SNS.SMS.SMSType",
          MessageAttributeValue.builder().dataType("String").stringValue("Transactional").build());

  private final SnsClient sns;
  private final boolean toPhones;

  /// @param sns stays open
  /// @param channel SMS or PUSH
  public SnsCarrier(SnsClient sns, Channel channel) {
    if (channel == Channel.EMAIL) {
      throw new IllegalArgumentException("SNS carries no mail of ours");
    }
    this.sns = sns;
    this.toPhones = channel == Channel.SMS;
  }

  /// An outage counts as "not this time": SNS is not one server that is there or not.
  @Override
  public Outcome carry(Parcel parcel) {
    try {
      sns.publish(request(parcel));
      return new Outcome.Sent();
    } catch (SnsException e) {
      boolean later =
          e.isThrottlingException() || e.statusCode() >= 500 || e instanceof InternalErrorException;
      String code =
          e.awsErrorDetails() == null ? "no reason given" : e.awsErrorDetails().errorCode();
      return later
          ? new Outcome.Deferred("SNS is busy: " + code)
          : new Outcome.Refused("SNS does not take it: " + code);
    } catch (SdkClientException e) {
      return new Outcome.Deferred("SNS did not answer.");
    }
  }

  @Override
  public void disconnect() {}

  private PublishRequest request(Parcel parcel) {
    PublishRequest.Builder request = PublishRequest.builder().message(parcel.text());
    return toPhones
        ? request.phoneNumber(parcel.address()).messageAttributes(TRANSACTIONAL).build()
        : request.targetArn(parcel.address()).build();
  }
}
