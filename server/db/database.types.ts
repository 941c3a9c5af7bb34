// The database as supabase-js sees it, made by `npm run db:types` from supabase/migrations. Do not edit.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "alert_areas": {
                  Row: {
                    "alert_id": string,"community_id": string | null,"community_ids": (string)[],"grid_id": string | null,"grid_ids": (string)[],"kind": string,"label": NonNullable<Json>,"number": number,"shape": NonNullable<Json>,"station_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "alert_id": string,"community_id"?: string | null,"community_ids": (string)[],"grid_id"?: string | null,"grid_ids": (string)[],"kind": string,"label": NonNullable<Json>,"number": number,"shape": NonNullable<Json>,"station_id": string
                  }
                  Update: {
                    "alert_id"?: string,"community_id"?: string | null,"community_ids"?: (string)[],"grid_id"?: string | null,"grid_ids"?: (string)[],"kind"?: string,"label"?: NonNullable<Json>,"number"?: number,"shape"?: NonNullable<Json>,"station_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "alert_areas_alert_id_station_id_fkey"
      columns: ["alert_id","station_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "alert_areas_community_id_station_id_fkey"
      columns: ["community_id","station_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "alert_areas_grid_id_community_id_fkey"
      columns: ["grid_id","community_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id","community_id"]
    }
                  ]
                },"alert_events": {
                  Row: {
                    "category": string,"code": string,"is_active": boolean,"name": NonNullable<Json>,"position": number
                  }
                  ComputedFields: never
                  Insert: {
                    "category": string,"code": string,"is_active"?: boolean,"name": NonNullable<Json>,"position": number
                  }
                  Update: {
                    "category"?: string,"code"?: string,"is_active"?: boolean,"name"?: NonNullable<Json>,"position"?: number
                  }
                  Relationships: [
                    
                  ]
                },"alert_references": {
                  Row: {
                    "alert_id": string,"referenced_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "alert_id": string,"referenced_id": string
                  }
                  Update: {
                    "alert_id"?: string,"referenced_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "alert_references_alert_id_fkey"
      columns: ["alert_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "alert_references_referenced_id_fkey"
      columns: ["referenced_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id"]
    }
                  ]
                },"alert_templates": {
                  Row: {
                    "colour": string | null,"event_code": string,"hours": number,"kind": string,"message_type": string,"name": NonNullable<Json>,"position": number,"slug": string,"texts": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "colour"?: string | null,"event_code": string,"hours": number,"kind": string,"message_type": string,"name": NonNullable<Json>,"position": number,"slug": string,"texts": NonNullable<Json>
                  }
                  Update: {
                    "colour"?: string | null,"event_code"?: string,"hours"?: number,"kind"?: string,"message_type"?: string,"name"?: NonNullable<Json>,"position"?: number,"slug"?: string,"texts"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "alert_templates_event_code_fkey"
      columns: ["event_code"]
isOneToOne: false
      referencedRelation: "alert_events"
      referencedColumns: ["code"]
    }
                  ]
                },"alert_texts": {
                  Row: {
                    "alert_id": string,"description": string,"headline": string,"instruction": string | null,"locale": string
                  }
                  ComputedFields: never
                  Insert: {
                    "alert_id": string,"description": string,"headline": string,"instruction"?: string | null,"locale": string
                  }
                  Update: {
                    "alert_id"?: string,"description"?: string,"headline"?: string,"instruction"?: string | null,"locale"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "alert_texts_alert_id_fkey"
      columns: ["alert_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id"]
    }
                  ]
                },"alerts": {
                  Row: {
                    "approved_at": string | null,"approved_by": string | null,"base_id": string | null,"certainty": string,"chain_id": string,"changed_number": number | null,"colour": string | null,"community_ids": (string)[],"contact": string | null,"content": Json | null,"created_at": string,"created_by": string,"edited_at": string,"edited_by": string,"ended_at": string | null,"ended_by_id": string | null,"ended_by_type": string | null,"event_code": string,"expires_at": string,"follows_id": string | null,"grid_ids": (string)[],"id": string,"identifier": string,"is_exercise": boolean,"kind": string,"message_type": string,"onset_at": string | null,"override_reason": string | null,"published_at": string | null,"published_by": string | null,"returned_reason": string | null,"revision": number,"severity": string,"state": string,"statement": Json | null,"station_id": string,"submitted_at": string | null,"submitted_by": string | null,"urgency": string,"web": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "approved_at"?: string | null,"approved_by"?: string | null,"base_id"?: string | null,"certainty": string,"chain_id": string,"changed_number"?: number | null,"colour"?: string | null,"community_ids"?: (string)[],"contact"?: string | null,"content"?: Json | null,"created_at": string,"created_by": string,"edited_at": string,"edited_by": string,"ended_at"?: string | null,"ended_by_id"?: string | null,"ended_by_type"?: string | null,"event_code": string,"expires_at": string,"follows_id"?: string | null,"grid_ids"?: (string)[],"id"?: string,"identifier"?: string,"is_exercise"?: boolean,"kind": string,"message_type"?: string,"onset_at"?: string | null,"override_reason"?: string | null,"published_at"?: string | null,"published_by"?: string | null,"returned_reason"?: string | null,"revision"?: number,"severity": string,"state"?: string,"statement"?: Json | null,"station_id": string,"submitted_at"?: string | null,"submitted_by"?: string | null,"urgency": string,"web"?: string | null
                  }
                  Update: {
                    "approved_at"?: string | null,"approved_by"?: string | null,"base_id"?: string | null,"certainty"?: string,"chain_id"?: string,"changed_number"?: number | null,"colour"?: string | null,"community_ids"?: (string)[],"contact"?: string | null,"content"?: Json | null,"created_at"?: string,"created_by"?: string,"edited_at"?: string,"edited_by"?: string,"ended_at"?: string | null,"ended_by_id"?: string | null,"ended_by_type"?: string | null,"event_code"?: string,"expires_at"?: string,"follows_id"?: string | null,"grid_ids"?: (string)[],"id"?: string,"identifier"?: string,"is_exercise"?: boolean,"kind"?: string,"message_type"?: string,"onset_at"?: string | null,"override_reason"?: string | null,"published_at"?: string | null,"published_by"?: string | null,"returned_reason"?: string | null,"revision"?: number,"severity"?: string,"state"?: string,"statement"?: Json | null,"station_id"?: string,"submitted_at"?: string | null,"submitted_by"?: string | null,"urgency"?: string,"web"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "alerts_approved_by_fkey"
      columns: ["approved_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "alerts_base_id_fkey"
      columns: ["base_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "alerts_chain_id_fkey"
      columns: ["chain_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "alerts_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "alerts_edited_by_fkey"
      columns: ["edited_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "alerts_ended_by_id_fkey"
      columns: ["ended_by_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "alerts_event_code_fkey"
      columns: ["event_code"]
isOneToOne: false
      referencedRelation: "alert_events"
      referencedColumns: ["code"]
    },{
      foreignKeyName: "alerts_follows_id_fkey"
      columns: ["follows_id"]
isOneToOne: false
      referencedRelation: "alerts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "alerts_published_by_fkey"
      columns: ["published_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "alerts_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "alerts_submitted_by_fkey"
      columns: ["submitted_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    }
                  ]
                },"assignments": {
                  Row: {
                    "community_id": string,"from_on": string,"id": string,"kind": string,"staff_id": string,"to_on": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "community_id": string,"from_on"?: string,"id"?: string,"kind"?: string,"staff_id": string,"to_on"?: string | null
                  }
                  Update: {
                    "community_id"?: string,"from_on"?: string,"id"?: string,"kind"?: string,"staff_id"?: string,"to_on"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "assignments_community_id_fkey"
      columns: ["community_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "assignments_staff_id_fkey"
      columns: ["staff_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    }
                  ]
                },"audit_log": {
                  Row: {
                    "action": string,"actor_id": string | null,"actor_role": string,"at": string,"details": NonNullable<Json>,"id": number,"noun": string,"noun_id": string | null,"station_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "action": string,"actor_id"?: string | null,"actor_role": string,"at"?: string,"details"?: NonNullable<Json>,"id"?: never,"noun": string,"noun_id"?: string | null,"station_id"?: string | null
                  }
                  Update: {
                    "action"?: string,"actor_id"?: string | null,"actor_role"?: string,"at"?: string,"details"?: NonNullable<Json>,"id"?: never,"noun"?: string,"noun_id"?: string | null,"station_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "audit_log_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"bans": {
                  Row: {
                    "created_at": string,"created_by": string,"id": string,"kind": string,"lifted_at": string | null,"lifted_by": string | null,"reason": string,"report_id": string | null,"station_id": string,"subject_hash": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at": string,"created_by": string,"id"?: string,"kind": string,"lifted_at"?: string | null,"lifted_by"?: string | null,"reason": string,"report_id"?: string | null,"station_id": string,"subject_hash": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string,"id"?: string,"kind"?: string,"lifted_at"?: string | null,"lifted_by"?: string | null,"reason"?: string,"report_id"?: string | null,"station_id"?: string,"subject_hash"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "bans_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "bans_lifted_by_fkey"
      columns: ["lifted_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "bans_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bans_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"calendar_days": {
                  Row: {
                    "day": string,"is_own": boolean,"kind": string,"name": NonNullable<Json>,"station_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"is_own"?: boolean,"kind": string,"name": NonNullable<Json>,"station_id": string
                  }
                  Update: {
                    "day"?: string,"is_own"?: boolean,"kind"?: string,"name"?: NonNullable<Json>,"station_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "calendar_days_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"case_notices": {
                  Row: {
                    "body": NonNullable<Json>,"community_id": string | null,"edited_at": string,"edited_by": string,"id": string,"published_at": string | null,"published_by": string | null,"report_id": string | null,"station_id": string,"title": NonNullable<Json>,"withdrawn_at": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "body": NonNullable<Json>,"community_id"?: string | null,"edited_at": string,"edited_by": string,"id"?: string,"published_at"?: string | null,"published_by"?: string | null,"report_id"?: string | null,"station_id": string,"title": NonNullable<Json>,"withdrawn_at"?: string | null
                  }
                  Update: {
                    "body"?: NonNullable<Json>,"community_id"?: string | null,"edited_at"?: string,"edited_by"?: string,"id"?: string,"published_at"?: string | null,"published_by"?: string | null,"report_id"?: string | null,"station_id"?: string,"title"?: NonNullable<Json>,"withdrawn_at"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "case_notices_community_id_fkey"
      columns: ["community_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "case_notices_edited_by_fkey"
      columns: ["edited_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "case_notices_published_by_fkey"
      columns: ["published_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "case_notices_report_id_fkey"
      columns: ["report_id"]
isOneToOne: true
      referencedRelation: "reports"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "case_notices_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"categories": {
                  Row: {
                    "allows_device_draft": boolean,"code": string,"description": NonNullable<Json>,"group": string,"guidance": NonNullable<Json>,"is_about_police": boolean,"is_active": boolean,"name": NonNullable<Json>,"position": number,"retention_days": number,"urgency": string,"visibility": string
                  }
                  ComputedFields: never
                  Insert: {
                    "allows_device_draft"?: boolean,"code": string,"description": NonNullable<Json>,"group": string,"guidance": NonNullable<Json>,"is_about_police"?: boolean,"is_active"?: boolean,"name": NonNullable<Json>,"position"?: number,"retention_days": number,"urgency": string,"visibility": string
                  }
                  Update: {
                    "allows_device_draft"?: boolean,"code"?: string,"description"?: NonNullable<Json>,"group"?: string,"guidance"?: NonNullable<Json>,"is_about_police"?: boolean,"is_active"?: boolean,"name"?: NonNullable<Json>,"position"?: number,"retention_days"?: number,"urgency"?: string,"visibility"?: string
                  }
                  Relationships: [
                    
                  ]
                },"category_questions": {
                  Row: {
                    "category_code": string,"code": string,"hint": Json | null,"is_active": boolean,"is_required": boolean,"kind": string,"label": NonNullable<Json>,"options": NonNullable<Json>,"position": number
                  }
                  ComputedFields: never
                  Insert: {
                    "category_code": string,"code": string,"hint"?: Json | null,"is_active"?: boolean,"is_required"?: boolean,"kind": string,"label": NonNullable<Json>,"options"?: NonNullable<Json>,"position"?: number
                  }
                  Update: {
                    "category_code"?: string,"code"?: string,"hint"?: Json | null,"is_active"?: boolean,"is_required"?: boolean,"kind"?: string,"label"?: NonNullable<Json>,"options"?: NonNullable<Json>,"position"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "category_questions_category_code_fkey"
      columns: ["category_code"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["code"]
    }
                  ]
                },"communities": {
                  Row: {
                    "boundary": NonNullable<Json>,"created_at": string,"id": string,"is_active": boolean,"map": Json | null,"name": NonNullable<Json>,"position": number,"slug": string,"station_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "boundary": NonNullable<Json>,"created_at"?: string,"id"?: string,"is_active"?: boolean,"map"?: Json | null,"name": NonNullable<Json>,"position"?: number,"slug": string,"station_id": string
                  }
                  Update: {
                    "boundary"?: NonNullable<Json>,"created_at"?: string,"id"?: string,"is_active"?: boolean,"map"?: Json | null,"name"?: NonNullable<Json>,"position"?: number,"slug"?: string,"station_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "communities_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"duty_shifts": {
                  Row: {
                    "ends_at": string,"id": string,"note_sealed": string | null,"noted_at": string | null,"set_by": string,"staff_id": string,"starts_at": string,"station_id": string,"taken_over_at": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "ends_at": string,"id"?: string,"note_sealed"?: string | null,"noted_at"?: string | null,"set_by": string,"staff_id": string,"starts_at": string,"station_id": string,"taken_over_at"?: string | null
                  }
                  Update: {
                    "ends_at"?: string,"id"?: string,"note_sealed"?: string | null,"noted_at"?: string | null,"set_by"?: string,"staff_id"?: string,"starts_at"?: string,"station_id"?: string,"taken_over_at"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "duty_shifts_set_by_fkey"
      columns: ["set_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "duty_shifts_staff_id_fkey"
      columns: ["staff_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "duty_shifts_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"figure_releases": {
                  Row: {
                    "id": string,"period": string,"released_at": string,"starts_on": string,"station_id": string,"survey_id": string | null,"topic": string
                  }
                  ComputedFields: never
                  Insert: {
                    "id"?: string,"period": string,"released_at": string,"starts_on": string,"station_id": string,"survey_id"?: string | null,"topic"?: string
                  }
                  Update: {
                    "id"?: string,"period"?: string,"released_at"?: string,"starts_on"?: string,"station_id"?: string,"survey_id"?: string | null,"topic"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "figure_releases_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"grids": {
                  Row: {
                    "boundary": NonNullable<Json>,"centre_lat": number,"centre_lng": number,"code": string,"community_id": string,"id": string,"is_active": boolean,"name": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "boundary": NonNullable<Json>,"centre_lat": number,"centre_lng": number,"code": string,"community_id": string,"id"?: string,"is_active"?: boolean,"name": NonNullable<Json>
                  }
                  Update: {
                    "boundary"?: NonNullable<Json>,"centre_lat"?: number,"centre_lng"?: number,"code"?: string,"community_id"?: string,"id"?: string,"is_active"?: boolean,"name"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "grids_community_id_fkey"
      columns: ["community_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id"]
    }
                  ]
                },"outbox": {
                  Row: {
                    "attempts": number,"channel": string,"chat_hash": string | null,"created_at": string,"expires_at": string | null,"id": number,"last_error": string | null,"leased_by": string | null,"leased_until": string | null,"locale": string,"matters": number,"message_key": string,"noun": string,"noun_id": string | null,"params_sealed": string | null,"priority": number,"recipient_id": string | null,"recipient_sealed": string | null,"send_after": string,"sent_by": string | null,"settled_at": string | null,"status": string,"subscription_id": string | null,"template": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attempts"?: number,"channel": string,"chat_hash"?: string | null,"created_at"?: string,"expires_at"?: string | null,"id"?: never,"last_error"?: string | null,"leased_by"?: string | null,"leased_until"?: string | null,"locale": string,"matters"?: number,"message_key"?: string,"noun": string,"noun_id"?: string | null,"params_sealed"?: string | null,"priority"?: number,"recipient_id"?: string | null,"recipient_sealed"?: string | null,"send_after"?: string,"sent_by"?: string | null,"settled_at"?: string | null,"status"?: string,"subscription_id"?: string | null,"template": string
                  }
                  Update: {
                    "attempts"?: number,"channel"?: string,"chat_hash"?: string | null,"created_at"?: string,"expires_at"?: string | null,"id"?: never,"last_error"?: string | null,"leased_by"?: string | null,"leased_until"?: string | null,"locale"?: string,"matters"?: number,"message_key"?: string,"noun"?: string,"noun_id"?: string | null,"params_sealed"?: string | null,"priority"?: number,"recipient_id"?: string | null,"recipient_sealed"?: string | null,"send_after"?: string,"sent_by"?: string | null,"settled_at"?: string | null,"status"?: string,"subscription_id"?: string | null,"template"?: string
                  }
                  Relationships: [
                    
                  ]
                },"patrol_checkpoints": {
                  Row: {
                    "community_id": string,"grid_id": string,"id": string,"is_active": boolean,"name": NonNullable<Json>,"position": number,"route_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "community_id": string,"grid_id": string,"id"?: string,"is_active"?: boolean,"name": NonNullable<Json>,"position": number,"route_id": string
                  }
                  Update: {
                    "community_id"?: string,"grid_id"?: string,"id"?: string,"is_active"?: boolean,"name"?: NonNullable<Json>,"position"?: number,"route_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "patrol_checkpoints_grid_id_community_id_fkey"
      columns: ["grid_id","community_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id","community_id"]
    },{
      foreignKeyName: "patrol_checkpoints_route_id_community_id_fkey"
      columns: ["route_id","community_id"]
isOneToOne: false
      referencedRelation: "patrol_routes"
      referencedColumns: ["id","community_id"]
    }
                  ]
                },"patrol_routes": {
                  Row: {
                    "community_id": string,"id": string,"is_active": boolean,"name": NonNullable<Json>,"station_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "community_id": string,"id"?: string,"is_active"?: boolean,"name": NonNullable<Json>,"station_id": string
                  }
                  Update: {
                    "community_id"?: string,"id"?: string,"is_active"?: boolean,"name"?: NonNullable<Json>,"station_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "patrol_routes_community_id_station_id_fkey"
      columns: ["community_id","station_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "patrol_routes_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"patrol_shifts": {
                  Row: {
                    "alarmed_at": string | null,"cancelled_reason": string | null,"community_id": string,"created_at": string,"created_by": string | null,"first_claims_until": string,"id": string,"kind": string,"lead_staff_id": string | null,"lead_volunteer_id": string | null,"maximum": number,"needed": number,"period": unknown,"revised_at": string,"route_id": string | null,"sequence": number,"series_date": string | null,"series_id": string | null,"skill_code": string | null,"state": string,"station_id": string,"type_code": string
                  }
                  ComputedFields: never
                  Insert: {
                    "alarmed_at"?: string | null,"cancelled_reason"?: string | null,"community_id": string,"created_at": string,"created_by"?: string | null,"first_claims_until": string,"id"?: string,"kind"?: string,"lead_staff_id"?: string | null,"lead_volunteer_id"?: string | null,"maximum": number,"needed": number,"period": unknown,"revised_at": string,"route_id"?: string | null,"sequence"?: number,"series_date"?: string | null,"series_id"?: string | null,"skill_code"?: string | null,"state"?: string,"station_id": string,"type_code": string
                  }
                  Update: {
                    "alarmed_at"?: string | null,"cancelled_reason"?: string | null,"community_id"?: string,"created_at"?: string,"created_by"?: string | null,"first_claims_until"?: string,"id"?: string,"kind"?: string,"lead_staff_id"?: string | null,"lead_volunteer_id"?: string | null,"maximum"?: number,"needed"?: number,"period"?: unknown,"revised_at"?: string,"route_id"?: string | null,"sequence"?: number,"series_date"?: string | null,"series_id"?: string | null,"skill_code"?: string | null,"state"?: string,"station_id"?: string,"type_code"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "patrol_shifts_community_id_station_id_fkey"
      columns: ["community_id","station_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "patrol_shifts_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "patrol_shifts_lead_staff_id_fkey"
      columns: ["lead_staff_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "patrol_shifts_lead_volunteer_id_fkey"
      columns: ["lead_volunteer_id"]
isOneToOne: false
      referencedRelation: "volunteers"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "patrol_shifts_route_id_community_id_fkey"
      columns: ["route_id","community_id"]
isOneToOne: false
      referencedRelation: "patrol_routes"
      referencedColumns: ["id","community_id"]
    },{
      foreignKeyName: "patrol_shifts_series_id_station_id_fkey"
      columns: ["series_id","station_id"]
isOneToOne: false
      referencedRelation: "shift_series"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "patrol_shifts_skill_code_fkey"
      columns: ["skill_code"]
isOneToOne: false
      referencedRelation: "patrol_skills"
      referencedColumns: ["code"]
    },{
      foreignKeyName: "patrol_shifts_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "patrol_shifts_type_code_fkey"
      columns: ["type_code"]
isOneToOne: false
      referencedRelation: "shift_types"
      referencedColumns: ["code"]
    }
                  ]
                },"patrol_skills": {
                  Row: {
                    "code": string,"is_active": boolean,"name": NonNullable<Json>,"position": number
                  }
                  ComputedFields: never
                  Insert: {
                    "code": string,"is_active"?: boolean,"name": NonNullable<Json>,"position": number
                  }
                  Update: {
                    "code"?: string,"is_active"?: boolean,"name"?: NonNullable<Json>,"position"?: number
                  }
                  Relationships: [
                    
                  ]
                },"police_offices": {
                  Row: {
                    "address": NonNullable<Json>,"community_id": string,"id": string,"lat": number | null,"lng": number | null,"name": NonNullable<Json>,"phone": string,"reception_hours": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "address": NonNullable<Json>,"community_id": string,"id"?: string,"lat"?: number | null,"lng"?: number | null,"name": NonNullable<Json>,"phone": string,"reception_hours": NonNullable<Json>
                  }
                  Update: {
                    "address"?: NonNullable<Json>,"community_id"?: string,"id"?: string,"lat"?: number | null,"lng"?: number | null,"name"?: NonNullable<Json>,"phone"?: string,"reception_hours"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "police_offices_community_id_fkey"
      columns: ["community_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id"]
    }
                  ]
                },"profiles": {
                  Row: {
                    "community_id": string | null,"locale": string,"updated_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "community_id"?: string | null,"locale"?: string,"updated_at"?: string,"user_id": string
                  }
                  Update: {
                    "community_id"?: string | null,"locale"?: string,"updated_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "profiles_community_id_fkey"
      columns: ["community_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id"]
    }
                  ]
                },"published_figures": {
                  Row: {
                    "base": number | null,"category": string | null,"community_id": string | null,"count": number | null,"measure": string,"release_id": string,"scope": string
                  }
                  ComputedFields: never
                  Insert: {
                    "base"?: number | null,"category"?: string | null,"community_id"?: string | null,"count"?: number | null,"measure": string,"release_id": string,"scope": string
                  }
                  Update: {
                    "base"?: number | null,"category"?: string | null,"community_id"?: string | null,"count"?: number | null,"measure"?: string,"release_id"?: string,"scope"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "published_figures_category_fkey"
      columns: ["category"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["code"]
    },{
      foreignKeyName: "published_figures_community_id_fkey"
      columns: ["community_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "published_figures_release_id_fkey"
      columns: ["release_id"]
isOneToOne: false
      referencedRelation: "figure_releases"
      referencedColumns: ["id"]
    }
                  ]
                },"published_surveys": {
                  Row: {
                    "release_id": string,"results": NonNullable<Json>,"survey_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "release_id": string,"results": NonNullable<Json>,"survey_id": string
                  }
                  Update: {
                    "release_id"?: string,"results"?: NonNullable<Json>,"survey_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "published_surveys_release_id_fkey"
      columns: ["release_id"]
isOneToOne: true
      referencedRelation: "figure_releases"
      referencedColumns: ["id"]
    }
                  ]
                },"report_attachments": {
                  Row: {
                    "at": string,"author": string,"id": string,"key_sealed": string,"media_type": string,"message_id": string | null,"original_blob": string | null,"report_id": string,"sha256": string,"size_bytes": number,"view_blob": string | null,"view_media_type": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "at": string,"author": string,"id": string,"key_sealed": string,"media_type": string,"message_id"?: string | null,"original_blob"?: string | null,"report_id": string,"sha256": string,"size_bytes": number,"view_blob"?: string | null,"view_media_type"?: string | null
                  }
                  Update: {
                    "at"?: string,"author"?: string,"id"?: string,"key_sealed"?: string,"media_type"?: string,"message_id"?: string | null,"original_blob"?: string | null,"report_id"?: string,"sha256"?: string,"size_bytes"?: number,"view_blob"?: string | null,"view_media_type"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "report_attachments_message_id_report_id_fkey"
      columns: ["message_id","report_id"]
isOneToOne: false
      referencedRelation: "report_messages"
      referencedColumns: ["id","report_id"]
    },{
      foreignKeyName: "report_attachments_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    }
                  ]
                },"report_events": {
                  Row: {
                    "actor_id": string | null,"actor_role": string,"at": string,"closed_reason": string | null,"id": number,"is_public": boolean,"kind": string,"public_sealed": string | null,"report_id": string,"status": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"actor_role": string,"at": string,"closed_reason"?: string | null,"id"?: never,"is_public"?: boolean,"kind": string,"public_sealed"?: string | null,"report_id": string,"status"?: string | null
                  }
                  Update: {
                    "actor_id"?: string | null,"actor_role"?: string,"at"?: string,"closed_reason"?: string | null,"id"?: never,"is_public"?: boolean,"kind"?: string,"public_sealed"?: string | null,"report_id"?: string,"status"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "report_events_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    }
                  ]
                },"report_followers": {
                  Row: {
                    "at": string,"id": string,"receipt_hash": string,"report_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "at": string,"id"?: string,"receipt_hash": string,"report_id": string
                  }
                  Update: {
                    "at"?: string,"id"?: string,"receipt_hash"?: string,"report_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "report_followers_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    }
                  ]
                },"report_messages": {
                  Row: {
                    "at": string,"author": string,"author_id": string | null,"id": string,"read_at": string | null,"report_id": string,"text_sealed": string
                  }
                  ComputedFields: never
                  Insert: {
                    "at": string,"author": string,"author_id"?: string | null,"id"?: string,"read_at"?: string | null,"report_id": string,"text_sealed": string
                  }
                  Update: {
                    "at"?: string,"author"?: string,"author_id"?: string | null,"id"?: string,"read_at"?: string | null,"report_id"?: string,"text_sealed"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "report_messages_author_id_fkey"
      columns: ["author_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "report_messages_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    }
                  ]
                },"report_notes": {
                  Row: {
                    "at": string,"author_id": string,"id": string,"report_id": string,"text_sealed": string
                  }
                  ComputedFields: never
                  Insert: {
                    "at": string,"author_id": string,"id"?: string,"report_id": string,"text_sealed": string
                  }
                  Update: {
                    "at"?: string,"author_id"?: string,"id"?: string,"report_id"?: string,"text_sealed"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "report_notes_author_id_fkey"
      columns: ["author_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "report_notes_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    }
                  ]
                },"reports": {
                  Row: {
                    "about_staff": (string)[],"accepted_at": string | null,"assigned_to": string | null,"category_code": string,"channel": string,"closed_at": string | null,"closed_reason": string | null,"community_id": string | null,"contact_key": string | null,"contact_mode": string,"contact_sealed": string | null,"content_hash": string,"content_key": string,"content_sealed": string,"emergency_kind": string | null,"first_viewed_at": string | null,"grid_id": string | null,"id": string,"intake": string,"is_about_police": boolean,"is_hidden": boolean,"is_portal_only": boolean,"is_unverified": boolean,"locale": string,"merged_into": string | null,"nonce": string | null,"notify_sealed": string | null,"occurred_at": string | null,"owner_hash": string | null,"owner_id": string | null,"receipt_hash": string,"received_at": string,"reference": string,"station_id": string,"status": string,"summary": string | null,"taken_by": string | null,"updated_at": string,"urgency": string,"version": number,"visibility": string
                  }
                  ComputedFields: never
                  Insert: {
                    "about_staff"?: (string)[],"accepted_at"?: string | null,"assigned_to"?: string | null,"category_code": string,"channel": string,"closed_at"?: string | null,"closed_reason"?: string | null,"community_id"?: string | null,"contact_key"?: string | null,"contact_mode": string,"contact_sealed"?: string | null,"content_hash": string,"content_key": string,"content_sealed": string,"emergency_kind"?: string | null,"first_viewed_at"?: string | null,"grid_id"?: string | null,"id": string,"intake"?: string,"is_about_police"?: boolean,"is_hidden"?: boolean,"is_portal_only"?: boolean,"is_unverified"?: boolean,"locale": string,"merged_into"?: string | null,"nonce"?: string | null,"notify_sealed"?: string | null,"occurred_at"?: string | null,"owner_hash"?: string | null,"owner_id"?: string | null,"receipt_hash": string,"received_at": string,"reference": string,"station_id": string,"status"?: string,"summary"?: string | null,"taken_by"?: string | null,"updated_at": string,"urgency": string,"version"?: number,"visibility": string
                  }
                  Update: {
                    "about_staff"?: (string)[],"accepted_at"?: string | null,"assigned_to"?: string | null,"category_code"?: string,"channel"?: string,"closed_at"?: string | null,"closed_reason"?: string | null,"community_id"?: string | null,"contact_key"?: string | null,"contact_mode"?: string,"contact_sealed"?: string | null,"content_hash"?: string,"content_key"?: string,"content_sealed"?: string,"emergency_kind"?: string | null,"first_viewed_at"?: string | null,"grid_id"?: string | null,"id"?: string,"intake"?: string,"is_about_police"?: boolean,"is_hidden"?: boolean,"is_portal_only"?: boolean,"is_unverified"?: boolean,"locale"?: string,"merged_into"?: string | null,"nonce"?: string | null,"notify_sealed"?: string | null,"occurred_at"?: string | null,"owner_hash"?: string | null,"owner_id"?: string | null,"receipt_hash"?: string,"received_at"?: string,"reference"?: string,"station_id"?: string,"status"?: string,"summary"?: string | null,"taken_by"?: string | null,"updated_at"?: string,"urgency"?: string,"version"?: number,"visibility"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "reports_assigned_to_fkey"
      columns: ["assigned_to"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "reports_category_code_fkey"
      columns: ["category_code"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["code"]
    },{
      foreignKeyName: "reports_community_id_station_id_fkey"
      columns: ["community_id","station_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "reports_grid_id_community_id_fkey"
      columns: ["grid_id","community_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id","community_id"]
    },{
      foreignKeyName: "reports_merged_into_fkey"
      columns: ["merged_into"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reports_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reports_taken_by_fkey"
      columns: ["taken_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    }
                  ]
                },"response_templates": {
                  Row: {
                    "body": NonNullable<Json>,"category_code": string | null,"closed_reason": string | null,"id": string,"name": NonNullable<Json>,"position": number,"slug": string,"status": string
                  }
                  ComputedFields: never
                  Insert: {
                    "body": NonNullable<Json>,"category_code"?: string | null,"closed_reason"?: string | null,"id"?: string,"name": NonNullable<Json>,"position"?: number,"slug": string,"status": string
                  }
                  Update: {
                    "body"?: NonNullable<Json>,"category_code"?: string | null,"closed_reason"?: string | null,"id"?: string,"name"?: NonNullable<Json>,"position"?: number,"slug"?: string,"status"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "response_templates_category_code_fkey"
      columns: ["category_code"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["code"]
    }
                  ]
                },"revisit_suggestions": {
                  Row: {
                    "at": string,"done_at": string | null,"done_by": string | null,"due_on": string,"id": string,"outcome_sealed": string | null,"owner_id": string,"report_id": string,"revisit_id": string,"text_sealed": string
                  }
                  ComputedFields: never
                  Insert: {
                    "at": string,"done_at"?: string | null,"done_by"?: string | null,"due_on": string,"id"?: string,"outcome_sealed"?: string | null,"owner_id": string,"report_id": string,"revisit_id": string,"text_sealed": string
                  }
                  Update: {
                    "at"?: string,"done_at"?: string | null,"done_by"?: string | null,"due_on"?: string,"id"?: string,"outcome_sealed"?: string | null,"owner_id"?: string,"report_id"?: string,"revisit_id"?: string,"text_sealed"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "revisit_suggestions_done_by_fkey"
      columns: ["done_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "revisit_suggestions_owner_id_fkey"
      columns: ["owner_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "revisit_suggestions_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "revisit_suggestions_revisit_id_fkey"
      columns: ["revisit_id"]
isOneToOne: false
      referencedRelation: "revisits"
      referencedColumns: ["id"]
    }
                  ]
                },"revisits": {
                  Row: {
                    "answer": string | null,"answered_at": string | null,"answered_by": string | null,"asked_again_at": string | null,"comment_sealed": string | null,"id": string,"informed_at": string | null,"is_drawn": boolean,"level": string,"method": string | null,"no_reply_at": string | null,"opened_at": string,"record_sealed": string | null,"recorded_answer": string | null,"reminded_at": string | null,"report_id": string,"round": number,"step": number,"stopped_at": string | null,"topics": Json | null,"visited_at": string | null,"visited_by": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "answer"?: string | null,"answered_at"?: string | null,"answered_by"?: string | null,"asked_again_at"?: string | null,"comment_sealed"?: string | null,"id"?: string,"informed_at"?: string | null,"is_drawn"?: boolean,"level"?: never,"method"?: string | null,"no_reply_at"?: string | null,"opened_at": string,"record_sealed"?: string | null,"recorded_answer"?: string | null,"reminded_at"?: string | null,"report_id": string,"round"?: number,"step": number,"stopped_at"?: string | null,"topics"?: Json | null,"visited_at"?: string | null,"visited_by"?: string | null
                  }
                  Update: {
                    "answer"?: string | null,"answered_at"?: string | null,"answered_by"?: string | null,"asked_again_at"?: string | null,"comment_sealed"?: string | null,"id"?: string,"informed_at"?: string | null,"is_drawn"?: boolean,"level"?: never,"method"?: string | null,"no_reply_at"?: string | null,"opened_at"?: string,"record_sealed"?: string | null,"recorded_answer"?: string | null,"reminded_at"?: string | null,"report_id"?: string,"round"?: number,"step"?: number,"stopped_at"?: string | null,"topics"?: Json | null,"visited_at"?: string | null,"visited_by"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "revisits_report_id_fkey"
      columns: ["report_id"]
isOneToOne: false
      referencedRelation: "reports"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "revisits_visited_by_fkey"
      columns: ["visited_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    }
                  ]
                },"shift_places": {
                  Row: {
                    "attended_at": string | null,"changed_at": string,"changes": number,"ended_at": string | null,"id": string,"is_trainee": boolean,"offered_until": string | null,"period": unknown,"queue": number,"reminded_day_at": string | null,"reminded_hours_at": string | null,"shift_id": string,"signed_at": string,"state": string,"volunteer_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attended_at"?: string | null,"changed_at": string,"changes"?: number,"ended_at"?: string | null,"id"?: string,"is_trainee": boolean,"offered_until"?: string | null,"period": unknown,"queue"?: number,"reminded_day_at"?: string | null,"reminded_hours_at"?: string | null,"shift_id": string,"signed_at": string,"state": string,"volunteer_id": string
                  }
                  Update: {
                    "attended_at"?: string | null,"changed_at"?: string,"changes"?: number,"ended_at"?: string | null,"id"?: string,"is_trainee"?: boolean,"offered_until"?: string | null,"period"?: unknown,"queue"?: number,"reminded_day_at"?: string | null,"reminded_hours_at"?: string | null,"shift_id"?: string,"signed_at"?: string,"state"?: string,"volunteer_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "shift_places_shift_id_period_fkey"
      columns: ["shift_id","period"]
isOneToOne: false
      referencedRelation: "patrol_shifts"
      referencedColumns: ["id","period"]
    },{
      foreignKeyName: "shift_places_volunteer_id_fkey"
      columns: ["volunteer_id"]
isOneToOne: false
      referencedRelation: "volunteers"
      referencedColumns: ["id"]
    }
                  ]
                },"shift_series": {
                  Row: {
                    "community_id": string,"created_at": string,"created_by": string,"duration_minutes": number,"ended_at": string | null,"exceptions": (string)[],"from_on": string,"id": string,"kind": string,"maximum": number,"needed": number,"route_id": string | null,"skill_code": string | null,"starts_at_local": string,"station_id": string,"type_code": string,"until_on": string,"weekdays": (number)[]
                  }
                  ComputedFields: never
                  Insert: {
                    "community_id": string,"created_at": string,"created_by": string,"duration_minutes": number,"ended_at"?: string | null,"exceptions"?: (string)[],"from_on": string,"id"?: string,"kind"?: string,"maximum": number,"needed": number,"route_id"?: string | null,"skill_code"?: string | null,"starts_at_local": string,"station_id": string,"type_code": string,"until_on": string,"weekdays": (number)[]
                  }
                  Update: {
                    "community_id"?: string,"created_at"?: string,"created_by"?: string,"duration_minutes"?: number,"ended_at"?: string | null,"exceptions"?: (string)[],"from_on"?: string,"id"?: string,"kind"?: string,"maximum"?: number,"needed"?: number,"route_id"?: string | null,"skill_code"?: string | null,"starts_at_local"?: string,"station_id"?: string,"type_code"?: string,"until_on"?: string,"weekdays"?: (number)[]
                  }
                  Relationships: [
                    {
      foreignKeyName: "shift_series_community_id_station_id_fkey"
      columns: ["community_id","station_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "shift_series_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "shift_series_route_id_community_id_fkey"
      columns: ["route_id","community_id"]
isOneToOne: false
      referencedRelation: "patrol_routes"
      referencedColumns: ["id","community_id"]
    },{
      foreignKeyName: "shift_series_skill_code_fkey"
      columns: ["skill_code"]
isOneToOne: false
      referencedRelation: "patrol_skills"
      referencedColumns: ["code"]
    },{
      foreignKeyName: "shift_series_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "shift_series_type_code_fkey"
      columns: ["type_code"]
isOneToOne: false
      referencedRelation: "shift_types"
      referencedColumns: ["code"]
    }
                  ]
                },"shift_swaps": {
                  Row: {
                    "answered_at": string | null,"asked_at": string,"decided_at": string | null,"decided_by": string | null,"id": string,"place_id": string,"state": string,"to_volunteer_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "answered_at"?: string | null,"asked_at": string,"decided_at"?: string | null,"decided_by"?: string | null,"id"?: string,"place_id": string,"state"?: string,"to_volunteer_id"?: string | null
                  }
                  Update: {
                    "answered_at"?: string | null,"asked_at"?: string,"decided_at"?: string | null,"decided_by"?: string | null,"id"?: string,"place_id"?: string,"state"?: string,"to_volunteer_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "shift_swaps_decided_by_fkey"
      columns: ["decided_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "shift_swaps_place_id_fkey"
      columns: ["place_id"]
isOneToOne: false
      referencedRelation: "shift_places"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "shift_swaps_to_volunteer_id_fkey"
      columns: ["to_volunteer_id"]
isOneToOne: false
      referencedRelation: "volunteers"
      referencedColumns: ["id"]
    }
                  ]
                },"shift_types": {
                  Row: {
                    "code": string,"is_active": boolean,"name": NonNullable<Json>,"position": number
                  }
                  ComputedFields: never
                  Insert: {
                    "code": string,"is_active"?: boolean,"name": NonNullable<Json>,"position": number
                  }
                  Update: {
                    "code"?: string,"is_active"?: boolean,"name"?: NonNullable<Json>,"position"?: number
                  }
                  Relationships: [
                    
                  ]
                },"staff": {
                  Row: {
                    "badge_number": string,"created_at": string,"is_active": boolean,"name": NonNullable<Json>,"role": string,"station_id": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "badge_number": string,"created_at"?: string,"is_active"?: boolean,"name": NonNullable<Json>,"role": string,"station_id": string,"user_id": string
                  }
                  Update: {
                    "badge_number"?: string,"created_at"?: string,"is_active"?: boolean,"name"?: NonNullable<Json>,"role"?: string,"station_id"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "staff_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                },"staff_proposals": {
                  Row: {
                    "decided_at": string | null,"decided_by": string | null,"decision": string | null,"id": string,"invitation_id": string | null,"kind": string,"proposed_at": string,"proposed_by": string,"reason": string,"role": string | null,"station_id": string,"subject_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "decided_at"?: string | null,"decided_by"?: string | null,"decision"?: string | null,"id"?: string,"invitation_id"?: string | null,"kind": string,"proposed_at": string,"proposed_by": string,"reason": string,"role"?: string | null,"station_id": string,"subject_id"?: string | null
                  }
                  Update: {
                    "decided_at"?: string | null,"decided_by"?: string | null,"decision"?: string | null,"id"?: string,"invitation_id"?: string | null,"kind"?: string,"proposed_at"?: string,"proposed_by"?: string,"reason"?: string,"role"?: string | null,"station_id"?: string,"subject_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "staff_proposals_decided_by_fkey"
      columns: ["decided_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "staff_proposals_proposed_by_fkey"
      columns: ["proposed_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "staff_proposals_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "staff_proposals_subject_id_fkey"
      columns: ["subject_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    }
                  ]
                },"stations": {
                  Row: {
                    "address": Json | null,"alert_issuer": string | null,"chat_hours": NonNullable<Json>,"created_at": string,"day_counting": string,"emergency_numbers": Json | null,"id": string,"is_default": boolean,"name": NonNullable<Json>,"phone": string | null,"slug": string,"time_zone": string
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: Json | null,"alert_issuer"?: string | null,"chat_hours"?: NonNullable<Json>,"created_at"?: string,"day_counting"?: string,"emergency_numbers"?: Json | null,"id"?: string,"is_default"?: boolean,"name": NonNullable<Json>,"phone"?: string | null,"slug": string,"time_zone"?: string
                  }
                  Update: {
                    "address"?: Json | null,"alert_issuer"?: string | null,"chat_hours"?: NonNullable<Json>,"created_at"?: string,"day_counting"?: string,"emergency_numbers"?: Json | null,"id"?: string,"is_default"?: boolean,"name"?: NonNullable<Json>,"phone"?: string | null,"slug"?: string,"time_zone"?: string
                  }
                  Relationships: [
                    
                  ]
                },"volunteer_skills": {
                  Row: {
                    "confirmed_at": string,"confirmed_by": string,"skill_code": string,"until_on": string | null,"volunteer_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "confirmed_at": string,"confirmed_by": string,"skill_code": string,"until_on"?: string | null,"volunteer_id": string
                  }
                  Update: {
                    "confirmed_at"?: string,"confirmed_by"?: string,"skill_code"?: string,"until_on"?: string | null,"volunteer_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "volunteer_skills_confirmed_by_fkey"
      columns: ["confirmed_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "volunteer_skills_skill_code_fkey"
      columns: ["skill_code"]
isOneToOne: false
      referencedRelation: "patrol_skills"
      referencedColumns: ["code"]
    },{
      foreignKeyName: "volunteer_skills_volunteer_id_fkey"
      columns: ["volunteer_id"]
isOneToOne: false
      referencedRelation: "volunteers"
      referencedColumns: ["id"]
    }
                  ]
                },"volunteer_steps": {
                  Row: {
                    "act": string,"actor_id": string | null,"at": string,"from_state": string | null,"id": number,"note": string | null,"to_state": string,"volunteer_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "act": string,"actor_id"?: string | null,"at": string,"from_state"?: string | null,"id"?: never,"note"?: string | null,"to_state": string,"volunteer_id": string
                  }
                  Update: {
                    "act"?: string,"actor_id"?: string | null,"at"?: string,"from_state"?: string | null,"id"?: never,"note"?: string | null,"to_state"?: string,"volunteer_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "volunteer_steps_actor_id_fkey"
      columns: ["actor_id"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "volunteer_steps_volunteer_id_fkey"
      columns: ["volunteer_id"]
isOneToOne: false
      referencedRelation: "volunteers"
      referencedColumns: ["id"]
    }
                  ]
                },"volunteers": {
                  Row: {
                    "appealed_at": string | null,"availability": NonNullable<Json>,"changed_at": string,"community_id": string,"created_at": string,"id": string,"kinds": (unknown)[],"locked_at": string | null,"no_shows_from": string,"refused_reason": string | null,"reviewed_by": string | null,"state": string,"station_id": string,"suspended_from": string | null,"suspended_until": string | null,"trainee_shifts_done": number,"user_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "appealed_at"?: string | null,"availability"?: NonNullable<Json>,"changed_at": string,"community_id": string,"created_at": string,"id"?: string,"kinds": (unknown)[],"locked_at"?: string | null,"no_shows_from": string,"refused_reason"?: string | null,"reviewed_by"?: string | null,"state"?: string,"station_id": string,"suspended_from"?: string | null,"suspended_until"?: string | null,"trainee_shifts_done"?: number,"user_id"?: string | null
                  }
                  Update: {
                    "appealed_at"?: string | null,"availability"?: NonNullable<Json>,"changed_at"?: string,"community_id"?: string,"created_at"?: string,"id"?: string,"kinds"?: (unknown)[],"locked_at"?: string | null,"no_shows_from"?: string,"refused_reason"?: string | null,"reviewed_by"?: string | null,"state"?: string,"station_id"?: string,"suspended_from"?: string | null,"suspended_until"?: string | null,"trainee_shifts_done"?: number,"user_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "volunteers_community_id_station_id_fkey"
      columns: ["community_id","station_id"]
isOneToOne: false
      referencedRelation: "communities"
      referencedColumns: ["id","station_id"]
    },{
      foreignKeyName: "volunteers_reviewed_by_fkey"
      columns: ["reviewed_by"]
isOneToOne: false
      referencedRelation: "staff"
      referencedColumns: ["user_id"]
    },{
      foreignKeyName: "volunteers_station_id_fkey"
      columns: ["station_id"]
isOneToOne: false
      referencedRelation: "stations"
      referencedColumns: ["id"]
    }
                  ]
                }
          }
          Views: {
            [_ in never]: never
          }
          Functions: {
            "accept_invitation":
{ Args: { "p": Json }; Returns: Json
                           },
"add_attachment":
{ Args: { "p": Json }; Returns: Json
                           },
"add_duty_shift":
{ Args: { "p": Json }; Returns: Json
                           },
"add_rating_word":
{ Args: { "p": Json }; Returns: Json
                           },
"add_report_note":
{ Args: { "p": Json }; Returns: Json
                           },
"add_reporter_message":
{ Args: { "p": Json }; Returns: Json
                           },
"add_server_key":
{ Args: { "p_id": string,"p_purpose": string,"p_wrapped": string }; Returns: string
                           },
"add_signing_key":
{ Args: { "p_id": string,"p_valid_from": string,"p_wrapped": string }; Returns: Json
                           },
"add_staff_message":
{ Args: { "p": Json }; Returns: Json
                           },
"add_thread_message":
{ Args: { "p": Json }; Returns: Json
                           },
"advance_patrols":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"advance_points":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"advance_ratings":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"advance_revisits":
{ Args: { "p_limit"?: number }; Returns: Json
                           },
"advance_rewards":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"advance_surveys":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"announce_bot":
{ Args: { "p": Json }; Returns: Json
                           },
"answer_checklist":
{ Args: { "p": Json }; Returns: Json
                           },
"answer_rating_comment":
{ Args: { "p": Json }; Returns: Json
                           },
"answer_revisit":
{ Args: { "p": Json }; Returns: Json
                           },
"answer_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"answer_thread":
{ Args: { "p": Json }; Returns: Json
                           },
"append_block":
{ Args: { "p": Json }; Returns: Json
                           },
"append_root":
{ Args: { "p": Json }; Returns: Json
                           },
"apply_as_volunteer":
{ Args: { "p": Json }; Returns: Json
                           },
"approve_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"ask_hours_correction":
{ Args: { "p": Json }; Returns: Json
                           },
"ask_reveal":
{ Args: { "p": Json }; Returns: Json
                           },
"assign_community":
{ Args: { "p": Json }; Returns: Json
                           },
"assign_report":
{ Args: { "p_reference": string,"p_staff": string }; Returns: Json
                           },
"ban_chat":
{ Args: { "p": Json }; Returns: Json
                           },
"ban_reporter":
{ Args: { "p": Json }; Returns: Json
                           },
"begin_addition":
{ Args: { "p": Json }; Returns: Json
                           },
"begin_ban":
{ Args: { "p": Json }; Returns: Json
                           },
"begin_chat_ban":
{ Args: { "p": Json }; Returns: Json
                           },
"begin_desk_writing":
{ Args: { "p": Json }; Returns: Json
                           },
"begin_draw":
{ Args: { "p": Json }; Returns: Json
                           },
"begin_factor":
{ Args: { "p": Json }; Returns: Json
                           },
"begin_seal_check":
{ Args: { "p": Json }; Returns: Json
                           },
"cancel_patrol_shift":
{ Args: { "p": Json }; Returns: Json
                           },
"change_calendar_feed":
{ Args: { "p": Json }; Returns: Json
                           },
"change_order":
{ Args: { "p": Json }; Returns: Json
                           },
"change_own_order":
{ Args: { "p": Json }; Returns: Json
                           },
"change_own_place":
{ Args: { "p": Json }; Returns: Json
                           },
"change_own_volunteering":
{ Args: { "p": Json }; Returns: Json
                           },
"change_patrol_route":
{ Args: { "p": Json }; Returns: Json
                           },
"change_report_status":
{ Args: { "p": Json }; Returns: Json
                           },
"change_retention":
{ Args: { "p": Json }; Returns: Json
                           },
"change_subscription":
{ Args: { "p": Json }; Returns: Json
                           },
"check_certificate":
{ Args: { "p": Json }; Returns: Json
                           },
"check_in":
{ Args: { "p": Json }; Returns: Json
                           },
"check_out":
{ Args: { "p": Json }; Returns: Json
                           },
"check_pending_factor":
{ Args: { "p": Json }; Returns: Json
                           },
"check_receipt":
{ Args: { "p": Json }; Returns: Json
                           },
"check_second_factor":
{ Args: { "p": Json }; Returns: Json
                           },
"claim_bot_updates":
{ Args: { "p": Json }; Returns: Json
                           },
"claim_job":
{ Args: { "p": Json }; Returns: Json
                           },
"claim_outbox":
{ Args: { "p": Json }; Returns: Json
                           },
"claim_telegram":
{ Args: { "p": Json }; Returns: Json
                           },
"claim_tip_reward":
{ Args: { "p": Json }; Returns: Json
                           },
"climb_reports":
{ Args: { "p_limit"?: number }; Returns: Json
                           },
"climb_threads":
{ Args: { "p": Json }; Returns: Json
                           },
"close_thread":
{ Args: { "p_thread": string }; Returns: Json
                           },
"commit_turn":
{ Args: { "p": Json }; Returns: Json
                           },
"confirm_factor":
{ Args: { "p": Json }; Returns: Json
                           },
"confirm_resident":
{ Args: { "p": Json }; Returns: Json
                           },
"confirm_skill":
{ Args: { "p": Json }; Returns: Json
                           },
"confirm_subscription":
{ Args: { "p": Json }; Returns: Json
                           },
"correct_staff":
{ Args: { "p": Json }; Returns: Json
                           },
"count_certificate_hours":
{ Args: { "p": Json }; Returns: Json
                           },
"count_desk_work":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"count_due_activity":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"count_due_figures":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"count_due_ratings":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"count_patrol_heat":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"count_patrol_period":
{ Args: { "p": Json }; Returns: Json
                           },
"count_workload":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"count_wrapped_keys":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"create_verification_batch":
{ Args: { "p": Json }; Returns: Json
                           },
"deactivate_staff":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_hours_correction":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_notice":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_rating_comment":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_reveal":
{ Args: { "p_approves": boolean,"p_id": string,"p_reference": string }; Returns: Json
                           },
"decide_staff_proposal":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_swap":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_tip_reward":
{ Args: { "p": Json }; Returns: Json
                           },
"decide_volunteer":
{ Args: { "p": Json }; Returns: Json
                           },
"delete_draft":
{ Args: { "p_id_hash": string }; Returns: (string)[]
                           },
"drop_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"end_assignment":
{ Args: { "p_id": string,"p_last_on"?: string }; Returns: Json
                           },
"end_my_sessions":
{ Args: { "p_id"?: string }; Returns: Json
                           },
"end_shift_series":
{ Args: { "p": Json }; Returns: Json
                           },
"end_staff_sessions":
{ Args: { "p": Json }; Returns: Json
                           },
"end_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"end_view":
{ Args: { "p_token_hash": string }; Returns: undefined
                           },
"erase_account":
{ Args: { "p": Json }; Returns: Json
                           },
"except_series_day":
{ Args: { "p": Json }; Returns: Json
                           },
"expand_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"export_account":
{ Args: { "p": Json }; Returns: Json
                           },
"export_cases":
{ Args: { "p": Json }; Returns: Json
                           },
"export_report":
{ Args: { "p": Json }; Returns: Json
                           },
"file_patrol_report":
{ Args: { "p": Json }; Returns: Json
                           },
"fill_calendar":
{ Args: { "p": Json }; Returns: Json
                           },
"find_seal":
{ Args: { "p_content_hash": string,"p_reference": string }; Returns: Json
                           },
"finish_bot_update":
{ Args: { "p": Json }; Returns: Json
                           },
"finish_job":
{ Args: { "p": Json }; Returns: Json
                           },
"fix_survey_draw":
{ Args: { "p": Json }; Returns: Json
                           },
"follow_by_telegram":
{ Args: { "p": Json }; Returns: Json
                           },
"follow_report":
{ Args: { "p": Json }; Returns: Json
                           },
"foresee_ballots":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"foresee_climbs":
{ Args: { "p_limit"?: number }; Returns: Json
                           },
"foresee_expansions":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"foresee_patrols":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"foresee_points":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"foresee_ratings":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"foresee_retention":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"foresee_revisits":
{ Args: { "p_limit"?: number }; Returns: Json
                           },
"foresee_rewards":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"foresee_surveys":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"forget_conversation":
{ Args: { "p": Json }; Returns: Json
                           },
"get_account":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_alert":
{ Args: { "p_identifier": string }; Returns: Json
                           },
"get_calendar":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_calendar_feed":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_chat_hours":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_consent_texts":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_days_without":
{ Args: { "p_station"?: string }; Returns: Json
                           },
"get_duty_now":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_figures":
{ Args: { "p_station"?: string,"p_topic"?: string }; Returns: Json
                           },
"get_filed_reference_data":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_invitation":
{ Args: { "p": Json }; Returns: Json
                           },
"get_mail_settings":
{ Args: { "p": Json }; Returns: Json
                           },
"get_notices":
{ Args: { "p_community": string }; Returns: Json
                           },
"get_own_patrols":
{ Args: { "p"?: Json }; Returns: Json
                           },
"get_own_points":
{ Args: { "p"?: Json }; Returns: Json
                           },
"get_own_rewards":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_patrol_round":
{ Args: { "p": Json }; Returns: Json
                           },
"get_patrol_terms":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_rating_results":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_reference_data":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_schema_version":
{ Args: Record<PropertyKey, never>; Returns: string
                           },
"get_set_up":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_staff_profile":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"get_survey_results":
{ Args: { "p": Json }; Returns: Json
                           },
"get_telegram_link":
{ Args: { "p": Json }; Returns: Json
                           },
"give_open_rating":
{ Args: { "p": Json }; Returns: Json
                           },
"grant_points":
{ Args: { "p": Json }; Returns: Json
                           },
"handle_alert_response":
{ Args: { "p": Json }; Returns: Json
                           },
"hold_report":
{ Args: { "p": Json }; Returns: Json
                           },
"invite_first_staff":
{ Args: { "p": Json }; Returns: Json
                           },
"is_signed_in_recently":
{ Args: Record<PropertyKey, never>; Returns: boolean
                           },
"issue_certificate":
{ Args: { "p": Json }; Returns: Json
                           },
"issue_checkpoint_codes":
{ Args: { "p": Json }; Returns: Json
                           },
"keep_ballot_key":
{ Args: { "p": Json }; Returns: Json
                           },
"keep_draw":
{ Args: { "p": Json }; Returns: Json
                           },
"keep_drawn_numbers":
{ Args: { "p": Json }; Returns: Json
                           },
"keep_survey_invitations":
{ Args: { "p": Json }; Returns: Json
                           },
"keys_to_rewrap":
{ Args: { "p_after"?: string,"p_limit"?: number,"p_to": string }; Returns: Json
                           },
"lead_patrol":
{ Args: { "p": Json }; Returns: Json
                           },
"leave_thread":
{ Args: { "p": Json }; Returns: Json
                           },
"lift_ban":
{ Args: { "p_id": string }; Returns: Json
                           },
"lift_hold":
{ Args: { "p_reference": string }; Returns: Json
                           },
"link_patrol_finding":
{ Args: { "p": Json }; Returns: Json
                           },
"list_alert_responses":
{ Args: { "p": Json }; Returns: Json
                           },
"list_alert_templates":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_alerts":
{ Args: { "p"?: Json }; Returns: Json
                           },
"list_articles_for_search":
{ Args: { "p_version"?: string }; Returns: Json
                           },
"list_audit_log":
{ Args: { "p": Json }; Returns: Json
                           },
"list_ballot_keys":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_bot_messages":
{ Args: { "p": Json }; Returns: Json
                           },
"list_census":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_certificates":
{ Args: { "p": Json }; Returns: Json
                           },
"list_consents":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_demo_mails":
{ Args: { "p": Json }; Returns: Json
                           },
"list_desk_alerts":
{ Args: { "p": Json }; Returns: Json
                           },
"list_desk_articles":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_desk_patrols":
{ Args: { "p": Json }; Returns: Json
                           },
"list_desk_points":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_desk_rewards":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_desk_surveys":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_due_draws":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_due_surveys":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_duty":
{ Args: { "p": Json }; Returns: Json
                           },
"list_job_runs":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_messages":
{ Args: { "p": Json }; Returns: Json
                           },
"list_my_reports":
{ Args: { "p": Json }; Returns: Json
                           },
"list_my_sessions":
{ Args: { "p_browser": string,"p_system": string }; Returns: Json
                           },
"list_notices":
{ Args: { "p": Json }; Returns: Json
                           },
"list_open_ratings":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_overdue_patrols":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_own_certificates":
{ Args: { "p": Json }; Returns: Json
                           },
"list_own_rating_comments":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_people":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_public_patrols":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_rating_comments":
{ Args: { "p": Json }; Returns: Json
                           },
"list_releases":
{ Args: { "p_station"?: string }; Returns: Json
                           },
"list_reports":
{ Args: { "p": Json }; Returns: Json
                           },
"list_retention_rules":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_reveals":
{ Args: { "p_reference": string }; Returns: Json
                           },
"list_revisits":
{ Args: { "p": Json }; Returns: Json
                           },
"list_roots":
{ Args: { "p_before"?: string }; Returns: Json
                           },
"list_server_keys":
{ Args: Record<PropertyKey, never>; Returns: {
              "created_at": string,"id": string,"purpose": string,"wrapped": string
            }[]
                           },
"list_setting_changes":
{ Args: { "p": Json }; Returns: Json
                           },
"list_staff_sessions":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_subscriptions":
{ Args: { "p": Json }; Returns: Json
                           },
"list_survey_answers":
{ Args: { "p": Json }; Returns: Json
                           },
"list_survey_draws":
{ Args: { "p": Json }; Returns: Json
                           },
"list_survey_texts":
{ Args: { "p": Json }; Returns: Json
                           },
"list_surveys":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_threads":
{ Args: { "p": Json }; Returns: Json
                           },
"list_tip_rewards":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_unfinished_erasures":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_verification_batches":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_volunteers":
{ Args: { "p": Json }; Returns: Json
                           },
"load_conversation":
{ Args: { "p": Json }; Returns: Json
                           },
"load_draft":
{ Args: { "p_id_hash": string }; Returns: string
                           },
"lock_staff_session":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"look_up_report":
{ Args: { "p": Json }; Returns: Json
                           },
"make_ballot_pass":
{ Args: { "p": Json }; Returns: Json
                           },
"make_telegram_link":
{ Args: { "p": Json }; Returns: Json
                           },
"mark_no_show":
{ Args: { "p": Json }; Returns: Json
                           },
"merge_report":
{ Args: { "p_into": string,"p_reference": string }; Returns: Json
                           },
"move_demo_clock":
{ Args: { "p_now": string }; Returns: Json
                           },
"move_subscription":
{ Args: { "p": Json }; Returns: Json
                           },
"nearby_reports":
{ Args: { "p_category": string,"p_grid": string }; Returns: Json
                           },
"note_certificate_paper":
{ Args: { "p": Json }; Returns: Json
                           },
"note_duty":
{ Args: { "p": Json }; Returns: Json
                           },
"offer_tip_reward":
{ Args: { "p": Json }; Returns: Json
                           },
"open_alert_response":
{ Args: { "p": Json }; Returns: Json
                           },
"open_attachment":
{ Args: { "p_id": string }; Returns: Json
                           },
"open_original":
{ Args: { "p_id": string,"p_reference": string }; Returns: Json
                           },
"open_own_attachment":
{ Args: { "p": Json }; Returns: Json
                           },
"open_own_certificate":
{ Args: { "p": Json }; Returns: Json
                           },
"open_patrol_round":
{ Args: { "p": Json }; Returns: Json
                           },
"open_report":
{ Args: { "p_purpose"?: string,"p_reference": string }; Returns: Json
                           },
"open_roll_call":
{ Args: { "p": Json }; Returns: Json
                           },
"open_thread":
{ Args: { "p": Json }; Returns: Json
                           },
"open_thread_texts":
{ Args: { "p_thread": string }; Returns: Json
                           },
"open_volunteer":
{ Args: { "p": Json }; Returns: Json
                           },
"pay_tip_reward":
{ Args: { "p": Json }; Returns: Json
                           },
"peek_telegram_link":
{ Args: { "p": Json }; Returns: Json
                           },
"peek_thread":
{ Args: { "p_thread": string }; Returns: Json
                           },
"permit_password_change":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"plan_account_erasure":
{ Args: { "p": Json }; Returns: Json
                           },
"prepare_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"preview_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"propose_staff_change":
{ Args: { "p": Json }; Returns: Json
                           },
"publish_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"publish_article":
{ Args: { "p": Json }; Returns: Json
                           },
"purge_bot":
{ Args: { "p": Json }; Returns: Json
                           },
"purge_chats":
{ Args: { "p": Json }; Returns: Json
                           },
"purge_duty":
{ Args: { "p": Json }; Returns: Json
                           },
"purge_expired":
{ Args: { "p_page"?: number }; Returns: Json
                           },
"purge_outbox":
{ Args: { "p": Json }; Returns: Json
                           },
"purge_people":
{ Args: { "p": Json }; Returns: Json
                           },
"queue_account_mail":
{ Args: { "p": Json }; Returns: Json
                           },
"rate_thread":
{ Args: { "p": Json }; Returns: Json
                           },
"read_alert_progress":
{ Args: { "p": Json }; Returns: Json
                           },
"read_ballot_key":
{ Args: { "p": Json }; Returns: Json
                           },
"read_ballot_pass":
{ Args: { "p": Json }; Returns: Json
                           },
"read_ballot_standing":
{ Args: { "p": Json }; Returns: Json
                           },
"read_calendar_feed":
{ Args: { "p": Json }; Returns: Json
                           },
"read_desk_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"read_desk_article":
{ Args: { "p": Json }; Returns: Json
                           },
"read_desk_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"read_identity":
{ Args: { "p_id": string,"p_reference": string }; Returns: Json
                           },
"read_night":
{ Args: { "p": Json }; Returns: Json
                           },
"read_own_thread":
{ Args: { "p": Json }; Returns: Json
                           },
"read_patrol_plan":
{ Args: { "p": Json }; Returns: Json
                           },
"read_retention":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"read_roll_call":
{ Args: { "p": Json }; Returns: Json
                           },
"read_seal_page":
{ Args: { "p": Json }; Returns: Json
                           },
"read_settings":
{ Args: { "p_section": string }; Returns: Json
                           },
"read_subscription":
{ Args: { "p": Json }; Returns: Json
                           },
"read_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"read_survey_link":
{ Args: { "p": Json }; Returns: Json
                           },
"read_telegram_chat":
{ Args: { "p": Json }; Returns: Json
                           },
"read_thread_message":
{ Args: { "p": Json }; Returns: Json
                           },
"receive_bot_updates":
{ Args: { "p": Json }; Returns: Json
                           },
"record_revisit":
{ Args: { "p": Json }; Returns: Json
                           },
"record_seal_page":
{ Args: { "p": Json }; Returns: Json
                           },
"redeem_telegram_link":
{ Args: { "p": Json }; Returns: Json
                           },
"redeem_verification_code":
{ Args: { "p": Json }; Returns: Json
                           },
"release_bot_update":
{ Args: { "p": Json }; Returns: Json
                           },
"release_figures":
{ Args: { "p": Json }; Returns: Json
                           },
"release_report":
{ Args: { "p_reference": string }; Returns: Json
                           },
"release_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"remove_alert_template":
{ Args: { "p": Json }; Returns: Json
                           },
"remove_calendar_day":
{ Args: { "p_day": string }; Returns: Json
                           },
"remove_duty_shift":
{ Args: { "p_id": string }; Returns: Json
                           },
"remove_over":
{ Args: { "p": Json }; Returns: Json
                           },
"renew_bot_updates":
{ Args: { "p": Json }; Returns: Json
                           },
"renew_job":
{ Args: { "p": Json }; Returns: Json
                           },
"renew_recovery_codes":
{ Args: { "p": Json }; Returns: Json
                           },
"renew_telegram":
{ Args: { "p": Json }; Returns: Json
                           },
"repeat_duty_week":
{ Args: { "p": Json }; Returns: Json
                           },
"request_confirmation":
{ Args: { "p": Json }; Returns: Json
                           },
"resend_invitation":
{ Args: { "p": Json }; Returns: Json
                           },
"resend_messages":
{ Args: { "p_ids": (number)[] }; Returns: Json
                           },
"reset_second_factor":
{ Args: { "p": Json }; Returns: Json
                           },
"respond_to_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"restore_series_day":
{ Args: { "p": Json }; Returns: Json
                           },
"retain_alerts":
{ Args: { "p": Json }; Returns: Json
                           },
"retain_patrols":
{ Args: { "p": Json }; Returns: Json
                           },
"retain_ratings":
{ Args: { "p": Json }; Returns: Json
                           },
"retain_surveys":
{ Args: { "p": Json }; Returns: Json
                           },
"retain_threads":
{ Args: { "p": Json }; Returns: Json
                           },
"retire_patrol_route":
{ Args: { "p": Json }; Returns: Json
                           },
"return_limits":
{ Args: { "p_limits": Json }; Returns: Json
                           },
"revoke_certificate":
{ Args: { "p": Json }; Returns: Json
                           },
"revoke_invitation":
{ Args: { "p_id": string }; Returns: Json
                           },
"revoke_verification_batch":
{ Args: { "p_id": string }; Returns: Json
                           },
"rewrap_keys":
{ Args: { "p_keys": Json }; Returns: Json
                           },
"root_candidate":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"save_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"save_alert_template":
{ Args: { "p": Json }; Returns: Json
                           },
"save_areas":
{ Args: { "p": Json }; Returns: Json
                           },
"save_article":
{ Args: { "p": Json }; Returns: Json
                           },
"save_census":
{ Args: { "p": Json }; Returns: Json
                           },
"save_consents":
{ Args: { "p": Json }; Returns: Json
                           },
"save_draft":
{ Args: { "p": Json }; Returns: Json
                           },
"save_mail_settings":
{ Args: { "p": Json }; Returns: Json
                           },
"save_notice":
{ Args: { "p": Json }; Returns: Json
                           },
"save_patrol_route":
{ Args: { "p": Json }; Returns: Json
                           },
"save_patrol_shift":
{ Args: { "p": Json }; Returns: Json
                           },
"save_profile":
{ Args: { "p_community": string,"p_locale": string }; Returns: Json
                           },
"save_reward":
{ Args: { "p": Json }; Returns: Json
                           },
"save_setting":
{ Args: { "p": Json }; Returns: Json
                           },
"save_shift_series":
{ Args: { "p": Json }; Returns: Json
                           },
"save_survey":
{ Args: { "p": Json }; Returns: Json
                           },
"seal_candidates":
{ Args: { "p_limit"?: number }; Returns: Json
                           },
"set_calendar_day":
{ Args: { "p": Json }; Returns: Json
                           },
"set_chat_hours":
{ Args: { "p": Json }; Returns: Json
                           },
"set_day_counting":
{ Args: { "p_counting": string }; Returns: Json
                           },
"set_points":
{ Args: { "p": Json }; Returns: Json
                           },
"set_telegram_news":
{ Args: { "p": Json }; Returns: Json
                           },
"set_up_station":
{ Args: { "p": Json }; Returns: Json
                           },
"settle_outbox":
{ Args: { "p": Json }; Returns: Json
                           },
"settle_second_factor":
{ Args: { "p": Json }; Returns: Json
                           },
"settle_suggestion":
{ Args: { "p": Json }; Returns: Json
                           },
"settle_telegram":
{ Args: { "p": Json }; Returns: Json
                           },
"shuffle_ballots":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"spend_rating":
{ Args: { "p": Json }; Returns: Json
                           },
"start_alert":
{ Args: { "p": Json }; Returns: Json
                           },
"start_view":
{ Args: { "p": Json }; Returns: Json
                           },
"submit_report":
{ Args: { "p": Json }; Returns: Json
                           },
"subscribe_to_alerts":
{ Args: { "p": Json }; Returns: Json
                           },
"summarise_report":
{ Args: { "p_reference": string,"p_summary": string }; Returns: Json
                           },
"take_limits":
{ Args: { "p_limits": Json }; Returns: Json
                           },
"take_over_duty":
{ Args: { "p_id": string }; Returns: Json
                           },
"touch_staff_session":
{ Args: { "p_is_active"?: boolean }; Returns: Json
                           },
"track_report":
{ Args: { "p": Json }; Returns: Json
                           },
"unclaimed_blobs":
{ Args: { "p_blobs": (string)[] }; Returns: (string)[]
                           },
"undo_setting":
{ Args: { "p_change": string }; Returns: Json
                           },
"unfollow_by_telegram":
{ Args: { "p": Json }; Returns: Json
                           },
"unlink_telegram":
{ Args: { "p": Json }; Returns: Json
                           },
"unmerge_report":
{ Args: { "p_reference": string }; Returns: Json
                           },
"unsubscribe_from_alerts":
{ Args: { "p": Json }; Returns: Json
                           },
"visit_checkpoint":
{ Args: { "p": Json }; Returns: Json
                           },
"withdraw_report":
{ Args: { "p": Json }; Returns: Json
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            
          }
        }
} as const
