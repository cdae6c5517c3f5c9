import { textAt, type Urn } from "../facts/fact";
import { parseUrn } from "../facts/urn";
import type { IrsaModel, OtherResource } from "./types";

const VPC = /^aws:ec2\/vpc:Vpc$|^aws-native:ec2:VPC$/;
const ENDPOINT = /^aws:ec2\/vpcEndpoint:VpcEndpoint$|^aws-native:ec2:VpcEndpoint$/;
/** Ways out of a VPC by which pods reach STS without an endpoint of its own. */
const WAY_OUT = /NatGateway$|VpcAttachment$|TransitGatewayAttachment$/;

/** A VPC of this stack that is laid out to do without the internet and has no endpoint for STS. */
export interface ClosedVpc {
  /** The VPC, whose endpoints are the evidence. */
  readonly vpc: Urn;
  /** An endpoint by which images are pulled. */
  readonly endpoint: OtherResource;
}

/**
 * The VPCs that this stack makes whole, with an interface endpoint for Amazon ECR (which only a network without a way out
 * needs), none for STS, and nothing in the stack that leads out. An endpoint whose service is not known hides the answer.
 */
export function closedVpcs(model: IrsaModel): readonly ClosedVpc[] {
  if (model.others.some((each) => WAY_OUT.test(each.type))) return [];
  const endpoints = model.others
    .filter((each) => ENDPOINT.test(each.type))
    .map((endpoint) => ({
      endpoint,
      vpc: (endpoint.propertyFrom["vpcId"] ?? []).find((urn) => VPC.test(parseUrn(urn).type)),
      service: textAt(endpoint.properties, ["serviceName"]),
    }));
  if (endpoints.some((each) => each.service.is !== "known")) return [];
  return [...new Set(endpoints.flatMap((each) => each.vpc ?? []))].flatMap((vpc) => {
    const services = endpoints.filter((each) => each.vpc === vpc || each.vpc === undefined);
    const has = (name: RegExp) => services.find(({ service }) => service.is === "known" && name.test(service.value));
    const registry = has(/\.ecr\.(api|dkr)$/);
    return registry && !has(/\.sts(-fips)?$/) ? [{ vpc, endpoint: registry.endpoint }] : [];
  });
}

/** The host of an endpoint's URL, without what may be secret in it; undefined for text that is no URL. */
export function hostOf(url: string): string | undefined {
  return /^https?:\/\/(?:[^/@]*@)?([^/?#:]+)/i.exec(url.trim())?.[1]?.toLowerCase();
}

/** Whether a host belongs to AWS China, to another partition of AWS, or to somebody else. */
export function ownerOfHost(host: string): "aws-cn" | "aws" | "other" {
  if (/\.(amazonaws\.com|api\.amazonwebservices\.com)\.cn$/.test(host)) return "aws-cn";
  return /\.(amazonaws\.com|api\.aws|amazonaws\.eu|amazonwebservices\.eu|[a-z0-9-]+\.(ic\.gov|sgov\.gov|adc-e\.uk))$/.test(
    host,
  )
    ? "aws"
    : "other";
}
