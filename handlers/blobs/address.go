package blobs

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"pilveturg/models/documents"
)

const bucketScheme = "s3://"

// Check says what is wrong with the address of where files are kept; see [Open].
func Check(address string) error {
	if !strings.HasPrefix(address, bucketScheme) {
		if address == "" || strings.Contains(address, "://") {
			return errors.New("want a folder, or s3://bucket/prefix?endpoint=https://host&region=name")
		}
		return nil
	}
	_, err := bucketAt(address)
	return err
}

// Open returns where files are kept: a folder, or a bucket such as
// s3://bucket/prefix?endpoint=https://host&region=name that the key opens; without an
// endpoint it is Amazon's of the region. Nothing is read or written yet.
func Open(address, key, secret string) (documents.Blobs, error) {
	if err := Check(address); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(address, bucketScheme) {
		return NewFolder(address), nil
	}
	c, err := bucketAt(address)
	if err != nil {
		return nil, err
	}
	if c.Key, c.Secret = key, secret; key == "" || secret == "" {
		return nil, errors.New("a bucket needs a key and its secret")
	}
	return NewBucket(c)
}

func bucketAt(address string) (BucketConfig, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return BucketConfig{}, errors.New("want s3://bucket/prefix?endpoint=https://host&region=name")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return BucketConfig{}, errors.New("what stands after the ? cannot be read")
	}
	for name := range query {
		if name != "endpoint" && name != "region" {
			return BucketConfig{}, errors.New("after the ? there may be endpoint and region only")
		}
	}
	c := BucketConfig{Name: u.Host, Prefix: u.Path, Region: cmp.Or(query.Get("region"), "us-east-1")}
	endpoint, err := url.Parse(cmp.Or(query.Get("endpoint"), "https://s3."+c.Region+".amazonaws.com"))
	if err != nil || endpoint.Scheme != "https" && endpoint.Scheme != "http" || endpoint.Host == "" || strings.Trim(endpoint.Path, "/") != "" || endpoint.User != nil {
		return BucketConfig{}, errors.New("want endpoint=https://host, without a path")
	}
	c.Endpoint = *endpoint
	return c, nil
}
